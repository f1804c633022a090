"""`make clean`: stop what runs from this clone, then remove `.venv` and `var`.

Runs on the bare `python3` of the machine, with the standard library only.
"""

import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "var" / "run.lock"
SECONDS_TO_STOP = 40


def main() -> int:
    """Remove what `make run` and `make test` made in this clone, and nothing else."""
    if LOCK.exists() and not stop_runner(LOCK):
        sys.stderr.write("NOURX : « make run » ne s’arrête pas ; rien n’a été supprimé.\n")
        return 1
    for name in (".venv", "var"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    sys.stdout.write("Environnement Python et données locales supprimés.\n")
    return 0


def stop_runner(lock_path: Path) -> bool:
    """Ask the runner that holds the lock to end; true once nobody holds it."""
    deadline = time.monotonic() + SECONDS_TO_STOP
    asked = False
    with lock_path.open("r+") as lock:
        while time.monotonic() < deadline:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pid = lock.read().partition(" ")[0]
                if pid.isdigit() and not asked:
                    asked = True
                    os.kill(int(pid), signal.SIGTERM)
                time.sleep(0.1)
            else:
                return True
    return False


if __name__ == "__main__":
    sys.exit(main())
