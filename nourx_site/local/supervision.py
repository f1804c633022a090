"""The four processes of a local run, kept together by honcho: when one ends, all end."""

import os
import re
import shlex
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from honcho.compat import ProcessManager
from honcho.manager import Manager
from honcho.printer import Message

from nourx_site.local import watchdog
from nourx_site.local.backing import Servers
from nourx_site.local.banner import banner
from nourx_site.local.console import refuse, say
from nourx_site.local.places import ROOT

SECONDS_TO_ANSWER = 90
LARGEST_LOG = 5 * 1024 * 1024  # bytes; a larger one is set aside at the next start


def local_commands(folder: Path, *, port: int, sandbox_port: int) -> dict[str, list[str]]:
    """Return the command of each process."""
    celery = [sys.executable, "-m", "celery", "-A", "nourx_site"]
    return {
        "web": [
            *[sys.executable, "-m", "gunicorn", "nourx_site.asgi:application"],
            *["--bind", f"127.0.0.1:{port}", "--worker-class", "asgi"],
            *["--workers", "2", "--timeout", "60", "--graceful-timeout", "4"],
            *["--worker-tmp-dir", str(folder), "--no-control-socket", "--preload"],
        ],
        "worker": [
            *[*celery, "worker", "--queues", "payments,celery", "--hostname", "worker@%h"],
            *["--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"],
        ],
        "documents": [  # PDFs take their time; payments and mails do not wait behind them
            *[*celery, "worker", "--queues", "documents", "--hostname", "documents@%h"],
            *["--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"],
        ],
        "beat": [
            *[*celery, "beat", "--loglevel", "INFO"],
            *["--schedule", str(folder / "beat-schedule"), "--pidfile", ""],
        ],
        "sandbox": [sys.executable, "manage.py", "cinetpay_sandbox", "--port", str(sandbox_port)],
    }


class LeadersFirst(ProcessManager):
    """Asks the first process of a group only: gunicorn and celery end their own workers, and end
    them well only if nobody else has begun to."""

    def terminate(self, pid: int) -> None:
        """Ask the first process of a group to end; honcho kills the whole group if it must."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


class Supervision:
    """Runs the processes over servers that are up. It is also honcho's printer: it hears of
    what starts and stops, and writes only what a person needs."""

    width = 0

    def __init__(
        self,
        servers: Servers,
        commands: Mapping[str, list[str]],
        variables: Mapping[str, str],
        *,
        port: int,
    ) -> None:
        self.servers = servers
        self.folder = servers.folder
        self.commands = commands
        self.port = port
        self.stopping = threading.Event()
        self.problem = ""
        self.manager = Manager(self)
        self.manager._procmgr = LeadersFirst()
        self.watch = threading.Thread(target=self._watch, daemon=True)
        for name, words in commands.items():
            self.manager.add_process(
                name, self._shell_line(name, words), env=dict(variables), cwd=str(ROOT)
            )

    def run(self) -> int:
        """Keep all processes up; return 0 once a person has ended them, 1 if one ended first."""
        self.manager.loop()
        self.stopping.set()
        for name in self.commands:
            watchdog.forget(self.folder, name)
        if self.problem:
            refuse(f"{self.problem} Tout est arrêté.")
            return 1
        say("NOURX est arrêté.")
        return 0

    def write(self, message: Message) -> None:
        """Hear one line of honcho's. Processes write to their own logs, not here."""
        line = str(message.data)
        if not self.watch.is_alive() and not self.stopping.is_set():
            self.watch.start()  # not before: honcho has forked all processes by now
        if line.startswith(("SIGINT", "SIGTERM")):
            self.stopping.set()
            say("\nArrêt en cours…")
        ended = re.match(r"(\w+) stopped", line)
        if ended and not self.stopping.is_set():
            self.stopping.set()
            self.problem = self._fell(self._log(ended[1]))

    def _log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def _shell_line(self, name: str, words: list[str]) -> str:
        """Return a line that notes its process group, then becomes the command."""
        log = self._log(name)
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        note = watchdog.notes_folder(self.folder) / f"{name}.pid"
        polite = "" if name == "web" else "nice -n 5 "  # pages come first, above all at the start
        return (
            f"echo $$ SIGTERM > {shlex.quote(str(note))}; "
            f"exec {polite}{shlex.join(words)} >> {shlex.quote(str(log))} 2>&1"
        )

    def _watch(self) -> None:
        """Say when the pages answer; end everything when PostgreSQL or Redis falls."""
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        announced = False
        while not self.stopping.wait(0.1 if not announced else 1):
            if not announced and self._answers():
                announced = True
                say(banner(self.port, self.folder))
            if fallen := self.servers.fallen():
                self._end(self._fell(fallen[0]))
            elif not announced and time.monotonic() > deadline:
                waited = f"les pages ne répondent pas après {SECONDS_TO_ANSWER} secondes"
                self._end(f"{waited} ; voir {self._log('web')}.")

    @staticmethod
    def _fell(log: Path) -> str:
        return f"« {log.stem} » s’est arrêté de lui-même ; voir {log}."

    def _end(self, problem: str) -> None:
        self.stopping.set()
        self.problem = problem
        os.kill(os.getpid(), signal.SIGTERM)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as page:
                return page.status == 200
        except (urllib.error.URLError, OSError):
            return False
