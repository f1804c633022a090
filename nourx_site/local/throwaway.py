"""The whole product in a temporary folder, with the demo: what pictures and measures are taken of.

Nothing of `make run` is touched: other servers, other ports, other data, gone at the end.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from nourx_site.local import machine, watchdog
from nourx_site.local.backing import servers
from nourx_site.local.console import CannotStart, say
from nourx_site.local.environment import local_variables
from nourx_site.local.places import ROOT, temporary_folder
from nourx_site.local.processes import end_process

FIRST_PORT = 8700
SECONDS_TO_ANSWER = 120
PASSED_ON = ("PATH", "HOME", "LANG", "XDG_RUNTIME_DIR", "DYLD_FALLBACK_LIBRARY_PATH")


@dataclass(frozen=True)
class Stage:
    """A migrated database with the demo, and the variables that lead to it."""

    folder: Path
    port: int
    variables: dict[str, str]

    @property
    def address(self) -> str:
        """Return where the pages will answer."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, *words: str, as_owner: bool = False) -> None:
        """Run one Python command to its end.

        :raises CannotStart: with what it wrote last, if it fails.
        """
        variables = dict(self.variables)
        if as_owner:
            variables["APP_DATABASE_URL"] = variables["DATABASE_URL"]
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CannotStart(f"« {' '.join(words)} » a échoué : {done.stdout.strip()[-800:]}")


@contextmanager
def stage(environment: Mapping[str, str], *, with_demo: bool = True) -> Iterator[Stage]:
    """Keep a database, with the demo unless told, and a Redis up while the block runs.

    :raises CannotStart: if a server or a step fails.
    """
    folder = temporary_folder()
    try:
        machine.require_disk(folder)
        with servers(folder, {}, throwaway=True) as up:
            port = machine.free_port_from(FIRST_PORT)
            given = {name: environment[name] for name in PASSED_ON if name in environment}
            given |= {"NOURX_VAR": str(folder / "var"), "LOG_LEVEL": "WARNING"}
            sandbox_port = machine.free_port_from(port + 1)
            made = local_variables(up.variables, given, port=port, sandbox_port=sandbox_port)
            ready = Stage(folder, port, made)
            say(f"Préparation d’une base provisoire{' avec la démonstration' * with_demo}…")
            ready.run("manage.py", "migrate", "--verbosity", "0", as_owner=True)
            if with_demo:
                ready.run("manage.py", "demo")
            yield ready
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving(on: Stage) -> Iterator[None]:
    """Keep the pages, the worker, its clock and the sandbox up while the block runs.

    Static files come from their sources, so nothing is collected first.

    :raises CannotStart: if the pages do not answer.
    """
    celery = ["-m", "celery", "-A", "nourx_site"]
    sandbox_port = on.variables["CINETPAY_BASE_URL"].rpartition(":")[2]
    commands = {
        "web": ["manage.py", "runserver", "--noreload", f"127.0.0.1:{on.port}"],
        "worker": [*celery, "worker", "--pool", "solo", "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", "--schedule", str(on.folder / "beat"), "--pidfile", ""],
        "sandbox": ["manage.py", "cinetpay_sandbox", "--port", sandbox_port],
    }
    with ExitStack() as stack:
        for name, words in commands.items():
            stack.callback(_stop, on, name, _start(on, name, words))
        _wait_for(f"{on.address}/connexion/")
        yield


def _start(on: Stage, name: str, words: list[str]) -> subprocess.Popen[bytes]:
    with (on.folder / "log" / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env={**on.variables, "DEBUG": "true"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    watchdog.note(on.folder, name, process.pid, polite="SIGTERM")
    return process


def _stop(on: Stage, name: str, process: subprocess.Popen[bytes]) -> None:
    end_process(process, polite="SIGTERM", seconds=10)
    watchdog.forget(on.folder, name)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        try:
            if requests.get(address, timeout=10).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise CannotStart(f"{address} ne répond pas.")
