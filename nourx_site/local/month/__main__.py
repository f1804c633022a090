"""Replay a month of an agency on servers of its own, and prove it; exit 1 on any difference.

make month [ARGS=--small]
"""

import os
import signal
import subprocess
import sys

from nourx_site.local import watchdog
from nourx_site.local.console import run_command
from nourx_site.local.places import ROOT
from nourx_site.local.throwaway import stage


def main() -> int:
    """Prepare an empty database, then let a process of its own live the month there."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    with stage(os.environ, with_demo=False) as ready:
        process = subprocess.Popen(
            [sys.executable, "-m", "nourx_site.local.month.play", *sys.argv[1:]],
            cwd=ROOT,
            env=ready.variables,
            start_new_session=True,
        )
        watchdog.note(ready.folder, "month", process.pid, polite="SIGINT")
        try:
            return process.wait()
        finally:
            watchdog.end_groups({process.pid: signal.SIGINT})
            watchdog.forget(ready.folder, "month")


if __name__ == "__main__":
    sys.exit(run_command(main))
