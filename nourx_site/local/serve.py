"""`make run`: everything up on this machine, until Ctrl-C."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg

from nourx_site.local import freshness, machine
from nourx_site.local.backing import servers
from nourx_site.local.console import CannotStart, run_command, say
from nourx_site.local.environment import NOTE, local_variables, write_note
from nourx_site.local.places import ROOT, VAR
from nourx_site.local.supervision import Supervision, local_commands

UNFINISHED_DEMO = VAR / "demo.unfinished"


def main() -> int:
    """Serve until told to end; return 0 if that was asked for, 1 if something fell."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    given = {name: value for name, value in os.environ.items() if value}
    port = machine.read_port(given.get("PORT", "8000"))
    address = f"http://127.0.0.1:{port}"
    (VAR / "log").mkdir(parents=True, exist_ok=True)
    machine.require_writable(VAR)
    machine.require_disk(VAR)
    with machine.only_runner(VAR / "run.lock", address) as lock:
        machine.require_free_port(port)
        with servers(VAR, given, keep_open=[lock]) as up:
            sandbox_port = machine.free_port_from(port + 1)
            variables = local_variables(up.variables, given, port=port, sandbox_port=sandbox_port)
            write_note(NOTE, variables)
            prepare_site(variables)
            commands = local_commands(VAR, port=port, sandbox_port=sandbox_port)
            return Supervision(up, commands, variables, port=port).run()


def prepare_site(variables: Mapping[str, str]) -> None:
    """Bring the database and static files up to date; put the demo in an empty database.

    :raises CannotStart: if a step fails; the line names its log.
    """
    if not freshness.is_prepared(variables):
        say("Préparation de la base et des fichiers statiques…")
        owner = {**variables, "APP_DATABASE_URL": variables["DATABASE_URL"]}
        run_step("preparation", ["-m", "nourx_site.local.setting_up"], owner)
        freshness.note_prepared(variables)
    if UNFINISHED_DEMO.exists() or is_empty(variables["APP_DATABASE_URL"]):
        say("Création des données de démonstration…")
        UNFINISHED_DEMO.touch()
        run_step("demo", ["manage.py", "demo"], variables)
        UNFINISHED_DEMO.unlink()


def is_empty(url: str) -> bool:
    """Tell whether nobody can sign in yet."""
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT FROM accounts_user LIMIT 1").fetchone() is None


def run_step(name: str, words: list[str], variables: Mapping[str, str]) -> None:
    """Run one Python command to its end.

    :raises CannotStart: with the last line of what it wrote, if it fails.
    """
    path = VAR / "log" / f"{name}.log"
    with path.open("wb") as log:
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=variables, stdout=log, stderr=log, check=False
        )
    if done.returncode:
        raise CannotStart(f"{_last_line(path)} (détails : {path})")


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "échec sans message")


if __name__ == "__main__":
    sys.exit(run_command(main))
