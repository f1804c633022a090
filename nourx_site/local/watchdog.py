"""Ends what a runner had started when the runner itself is killed.

The runner holds a pipe to this process. When the pipe closes, the runner is gone, whatever the
reason; every process group still noted in the folder is then ended. A runner that stops by itself
takes its notes away first, so nothing is left to do.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from nourx_site.local.places import ROOT
from nourx_site.local.processes import is_living_group

SECONDS_TO_END = 10


@contextmanager
def watching(
    folder: Path, *, keep_open: Collection[int] = (), remove: bool = False
) -> Iterator[None]:
    """Have the notes of a folder watched until the block, or this process, ends.

    The watchdog holds the descriptors to keep open, such as a lock, until all has ended; then it
    removes the folder if it is told to.
    """
    notes = notes_folder(folder)
    notes.mkdir(parents=True, exist_ok=True)
    for stale in notes.glob("*.pid"):
        stale.unlink()
    guard = subprocess.Popen(
        [sys.executable, "-m", "nourx_site.local.watchdog", str(folder), *["remove"] * remove],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        pass_fds=keep_open,
        start_new_session=True,
    )
    if guard.stdin is not None:  # a forked child would keep the pipe open after our death
        os.register_at_fork(after_in_child=guard.stdin.close)
    try:
        yield
    finally:
        guard.communicate()  # closes the pipe, then waits


def notes_folder(folder: Path) -> Path:
    """Return where the processes started in a folder are noted."""
    return folder / "pids"


def note(folder: Path, name: str, pid: int, *, polite: str) -> None:
    """Write down a process group, and the signal that asks it to end."""
    (notes_folder(folder) / f"{name}.pid").write_text(f"{pid} {polite}\n")


def forget(folder: Path, name: str) -> None:
    """Take a note away."""
    (notes_folder(folder) / f"{name}.pid").unlink(missing_ok=True)


def end_noted(notes: Path) -> None:
    """End every process group noted in a folder."""
    groups: dict[int, signal.Signals] = {}
    for path in notes.glob("*.pid"):
        pid, polite = path.read_text().split()
        groups[int(pid)] = signal.Signals[polite]
        path.unlink()
    end_groups(groups)


def end_groups(groups: Mapping[int, signal.Signals]) -> None:
    """End process groups: ask the first of each, or all when it is gone; wait; then kill."""
    for group, polite in groups.items():
        with suppress(ProcessLookupError, PermissionError):
            try:
                os.kill(group, polite)
            except ProcessLookupError:
                os.killpg(group, polite)
    deadline = time.monotonic() + SECONDS_TO_END
    while any(is_living_group(group) for group in groups) and time.monotonic() < deadline:
        time.sleep(0.05)
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):  # macOS refuses a group of zombies
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    for deaf in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(deaf, signal.SIG_IGN)
    sys.stdin.buffer.read()
    watched = Path(sys.argv[1])
    end_noted(notes_folder(watched))
    if "remove" in sys.argv[2:]:
        shutil.rmtree(watched, ignore_errors=True)
