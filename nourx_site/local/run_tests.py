"""`make test`: the checks, then the whole test suite, on servers of their own.

    .venv/bin/python -m nourx_site.local.run_tests [arguments for pytest]

With arguments, which choose tests, the checks are left out.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nourx_site.local import check, machine, watchdog
from nourx_site.local.backing import Servers, servers
from nourx_site.local.console import run_command, say
from nourx_site.local.environment import libraries_path
from nourx_site.local.places import ROOT, temporary_folder

TEMPLATE = "test_nourx_template"


def main() -> int:
    """Run the checks and the tests; return 0 only if all of them pass."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    chosen = sys.argv[1:]
    machine.require_disk(Path(tempfile.gettempdir()))
    folder = temporary_folder()
    with servers(folder, os.environ, throwaway=True, remove=True) as up:
        variables = test_variables(up)
        with making_template(up, variables) as process:
            failed = [] if chosen else check.failed_steps(variables)
            if code := process.wait():
                say("La base des tests n’a pas pu être créée.")
                return code
        code = run_pytest(up, {**variables, "TEST_DATABASE_TEMPLATE": TEMPLATE}, chosen)
    if failed:
        say(f"Vérifications en échec : {', '.join(failed)}")
    return code or int(bool(failed))


def test_variables(up: Servers) -> dict[str, str]:
    """Return the variables under which the checks and the tests run."""
    return {
        **os.environ,
        **libraries_path(os.environ),
        **up.variables,
        "DJANGO_SETTINGS_MODULE": "nourx_site.settings.test",
        "NOURX_VAR": str(up.folder / "var"),
        "TEST_PRIVATE_DIR": str(up.folder / "private"),
    }


@contextmanager
def making_template(up: Servers, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Migrate the database that the workers copy, in a process group that does not outlive this."""
    process = subprocess.Popen(
        [sys.executable, "-m", "nourx_site.local.template"],
        cwd=ROOT,
        env={**variables, "TEST_DATABASE_NAME": TEMPLATE, "TEST_DATABASE_TEMPLATE": ""},
        start_new_session=True,
    )
    watchdog.note(up.folder, "template", process.pid, polite="SIGINT")
    try:
        yield process
    finally:
        watchdog.end_groups({process.pid: signal.SIGINT})
        watchdog.forget(up.folder, "template")


def run_pytest(up: Servers, variables: dict[str, str], chosen: list[str]) -> int:
    """Run pytest on all cores in a process group of its own, which never outlives this call."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    # One more than the cores: browsers, servers and locks are often waited for.
    workers = ["-n", str((cores or 1) + 1), "--dist", "worksteal"]
    parallel = [] if "-n" in chosen else workers
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *parallel, *chosen],
        cwd=ROOT,
        env=variables,
        start_new_session=True,
    )
    watchdog.note(up.folder, "pytest", process.pid, polite="SIGINT")
    try:
        return process.wait()
    finally:
        watchdog.end_groups({process.pid: signal.SIGINT})
        watchdog.forget(up.folder, "pytest")


if __name__ == "__main__":
    sys.exit(run_command(main))
