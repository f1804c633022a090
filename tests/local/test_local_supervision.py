"""Processes kept together: one that ends takes the others along, and none outlives the runner."""

import subprocess
import sys

import psutil
import pytest

from nourx_site.local.machine import free_port_from
from nourx_site.local.places import ROOT

STAYS = "import signal; signal.pause()"
FALLS = "raise SystemExit('out of luck')"


@pytest.fixture
def start(folder):
    started = []

    def start(worker):
        port = free_port_from(18_000)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.local.supervised_run", str(folder), str(port), worker],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_for_banner(process):
    return next(line for line in process.stdout if "NOURX est prêt." in line)


def test_asked_to_end_it_ends_everything(start, folder, processes_of):
    run = start(STAYS)
    wait_for_banner(run)

    run.terminate()
    words, errors = run.communicate(timeout=20)

    assert run.returncode == 0
    assert words.endswith("NOURX est arrêté.\n")
    assert errors == ""
    assert processes_of(folder) == []


def test_one_that_falls_ends_the_others_and_is_named(start, folder, processes_of):
    run = start(FALLS)

    _, errors = run.communicate(timeout=20)

    log = folder / "log" / "worker.log"
    assert run.returncode == 1
    assert errors == (
        f"NOURX : « worker » s’est arrêté de lui-même ; voir {log}. Tout est arrêté.\n"
    )
    assert log.read_text() == "out of luck\n"
    assert processes_of(folder) == []


def test_a_killed_runner_leaves_no_process(start, folder, processes_of):
    run = start(STAYS)
    wait_for_banner(run)
    left = processes_of(folder)

    run.kill()

    ended, alive = psutil.wait_procs(left, timeout=20)
    assert len(ended) >= 4
    assert alive == []


def test_a_killed_test_run_takes_its_folder_along(folder):
    code = (
        "import sys, signal; from pathlib import Path\n"
        "from nourx_site.local.watchdog import watching\n"
        "with watching(Path(sys.argv[1]), remove=True): print('up', flush=True); signal.pause()"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout.readline() == "up\n"
    watchdog = psutil.Process(run.pid).children()

    run.kill()
    run.communicate()

    assert psutil.wait_procs(watchdog, timeout=20)[1] == []
    assert not folder.exists()
