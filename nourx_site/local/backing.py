"""The servers the product stands on: PostgreSQL and Redis, embedded or given by the environment.

    .venv/bin/python -m nourx_site.local.backing --dir FOLDER

starts both as the tests want them (throwaway, the owner may create databases), writes the
variables to FOLDER.env, and stays until it is told to end. `set -a; . FOLDER.env` in another
terminal, then pytest or manage.py find these servers.
"""

import argparse
import signal
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

from nourx_site.local import watchdog
from nourx_site.local.console import run_command, say
from nourx_site.local.given_servers import require_answers
from nourx_site.local.postgres import Postgres
from nourx_site.local.redis import Redis


@dataclass
class Servers:
    """What is up: the variables that lead to it, and the processes started for it."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    started: list[Postgres | Redis] = field(default_factory=list)

    def fallen(self) -> list[Path]:
        """Return the logs of the servers which ended by themselves."""
        return [one.log for one in self.started if one.process and one.process.poll() is not None]


@contextmanager
def servers(
    folder: Path,
    given: Mapping[str, str],
    *,
    throwaway: bool = False,
    keep_open: Collection[int] = (),
    remove: bool = False,
) -> Iterator[Servers]:
    """Keep PostgreSQL and Redis up while the block runs.

    A server whose address is among the given variables is not started. The descriptors to
    keep open stay so until the last process has ended; then the folder is removed if asked.

    :raises CannotStart: if one of them does not come up or does not answer.
    """
    require_answers(given)
    folder.mkdir(parents=True, exist_ok=True)
    up = Servers(folder)
    makers: dict[str, Callable[[], Postgres | Redis]] = {
        "DATABASE_URL": lambda: Postgres(folder, throwaway=throwaway),
        "REDIS_URL": lambda: Redis(folder),
    }
    with watchdog.watching(folder, keep_open=keep_open, remove=remove), ExitStack() as stack:
        for variable, make in makers.items():
            if not given.get(variable):
                server = make()
                stack.callback(server.stop)
                server.start()
                up.started.append(server)
                up.variables |= server.environment()
        yield up


def main() -> int:
    """Start both servers in a folder and stay up until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", type=Path, required=True)
    folder = parser.parse_args().dir.resolve()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with servers(folder, {}, throwaway=True) as up:
        lines = "".join(f"{name}={quote(value)}\n" for name, value in up.variables.items())
        folder.with_suffix(".env").write_text(lines)
        for line in lines.splitlines():
            say(f"export {line}")
        signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
