"""Ending a process: politely first, then not."""

import signal
import subprocess

import psutil


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
