"""Which processes live, and how one is ended: politely first, then not."""

import os
import signal
import subprocess

import psutil


def living(pid: int) -> psutil.Process | None:
    """Return the process of a number, or nothing if it has ended.

    One that nobody has taken note of, a zombie, has ended: it keeps its number and nothing else.
    """
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except psutil.NoSuchProcess:
        return None


def is_living_group(group: int) -> bool:
    """Tell whether a process group has a living member."""
    for process in psutil.process_iter(["status"]):
        try:
            if process.info["status"] != psutil.STATUS_ZOMBIE and os.getpgid(process.pid) == group:
                return True
        except ProcessLookupError:
            continue
    return False


def end_process(
    process: subprocess.Popen[bytes] | psutil.Process, *, polite: str, seconds: float
) -> None:
    """Ask a process to end with the named signal; after the given seconds, kill it."""
    try:
        process.send_signal(signal.Signals[polite])
        process.wait(seconds)
    except psutil.NoSuchProcess:
        return
    except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
        process.kill()
        process.wait(5)
