"""Workers killed in the middle of their work, and started again."""

import json
import signal
import subprocess
import sys
from typing import Any

from django.db import connection

from billing.payments import queries
from nourx_site.local.month.course import Month, addresses
from nourx_site.local.month.worker import jobs
from nourx_site.local.places import ROOT

SECONDS = 120


def crash(month: Month, job: str, *, statements: int, **facts: Any) -> None:
    """Kill a worker before a statement, look at the sums, then have another do the rest."""
    killed = run_worker(month, job, statements, facts)
    if killed != -signal.SIGKILL:
        month.problems.append(f"the worker of {job} ended with {killed} instead of being killed")
    month.problems += [f"after the kill: {each}" for each in queries.find_differences()]
    month.tick(minutes=6)  # the lease of the dead ends
    if month.scale.ends_work_here:
        jobs(month.tick())[job](**facts)
    elif run_worker(month, job, -1, facts):
        month.problems.append(f"the worker of {job} failed when it was started again")
    month.count("travailleurs tués puis relancés")


def run_worker(month: Month, job: str, statements: int, facts: dict[str, Any]) -> int:
    """Run a worker to its end, and return how it ended."""
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    told = {
        "database": {name: connection.settings_dict[name] for name in names},
        "settings": addresses(month.server),
        "job": job,
        "at": month.tick().isoformat(),
        "statements": statements,
        "facts": facts,
    }
    connection.close()
    words = [sys.executable, "-m", "nourx_site.local.month.worker", json.dumps(told)]
    done = subprocess.run(words, cwd=ROOT, timeout=SECONDS, check=False)
    return done.returncode
