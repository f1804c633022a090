"""Ends what a runner had started when the runner itself is killed.

The runner holds a pipe to this process. When the pipe closes, the runner is gone, whatever the
reason; every process still noted in the folder is then ended. A runner that stops by itself takes
its notes away first, so nothing is left to do.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SECONDS_TO_END = 10


def note(folder: Path, name: str, pid: int, polite: str = "SIGTERM") -> None:
    """Write down a process group, and the signal that asks it to end."""
    (folder / f"{name}.pid").write_text(f"{pid} {polite}\n")


def forget(folder: Path, name: str) -> None:
    """Take a note away."""
    (folder / f"{name}.pid").unlink(missing_ok=True)


def start(folder: Path) -> "subprocess.Popen[bytes]":
    """Start the watchdog of a folder of notes. It ends soon after its caller does."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.pid"):
        stale.unlink()
    command = [sys.executable, __file__, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


def end_noted(folder: Path) -> None:
    """End every process group noted in a folder: ask, wait, then kill."""
    groups: dict[int, str] = {}
    for path in folder.glob("*.pid"):
        words = path.read_text().split()
        if words:
            groups[int(words[0])] = words[1] if len(words) > 1 else "SIGTERM"
        path.unlink()
    for group, polite in groups.items():
        _signal(group, signal.Signals[polite])
    deadline = time.monotonic() + SECONDS_TO_END
    while groups and time.monotonic() < deadline:
        groups = {group: polite for group, polite in groups.items() if _signal(group, 0)}
        time.sleep(0.05)
    for group in groups:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    """Send a signal to a process group; false if nobody is left in it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    for deaf in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(deaf, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end_noted(Path(sys.argv[1]))
