"""The servers the product stands on: PostgreSQL and Redis, embedded or given by the environment.

    .venv/bin/python -m nourx_site.local.backing --dir FOLDER

starts both as the tests want them (throwaway, the owner may create databases), writes the
variables to FOLDER.env, and stays until it is told to end. `set -a; . FOLDER.env` in another
terminal, then pytest or manage.py find these servers.
"""

import argparse
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shlex import quote

from nourx_site.local import watchdog
from nourx_site.local.console import run_command, say
from nourx_site.local.postgres import Postgres
from nourx_site.local.redis import Redis


@contextmanager
def servers(
    folder: Path, given: Mapping[str, str], *, throwaway: bool = False
) -> Iterator[dict[str, str]]:
    """Keep PostgreSQL and Redis up, and hand out the variables that lead to them.

    A server whose address is already in the given variables is not started.

    :raises CannotStart: if one of them does not come up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    notes = folder / "pids"
    variables: dict[str, str] = {}
    with ExitStack() as stack:
        guard = watchdog.start(notes)
        stack.callback(guard.wait)
        stack.callback(guard.stdin.close)
        if not given.get("DATABASE_URL"):
            postgres = Postgres(folder, throwaway=throwaway)
            stack.callback(watchdog.forget, notes, "postgres")
            stack.callback(postgres.stop)
            postgres.start()
            watchdog.note(notes, "postgres", postgres.process.pid, "SIGINT")
            variables |= postgres.environment()
        if not given.get("REDIS_URL"):
            redis = Redis(folder)
            stack.callback(watchdog.forget, notes, "redis")
            stack.callback(redis.stop)
            redis.start()
            watchdog.note(notes, "redis", redis.process.pid)
            variables |= redis.environment()
        yield variables


def main() -> int:
    """Start both servers in a folder and stay up until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", type=Path, required=True)
    folder = parser.parse_args().dir.resolve()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with servers(folder, {}, throwaway=True) as variables:
        lines = "".join(f"{name}={quote(value)}\n" for name, value in variables.items())
        folder.with_suffix(".env").write_text(lines)
        for line in lines.splitlines():
            say(f"export {line}")
        signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
