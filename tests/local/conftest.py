"""Folders and servers of one's own. No mock: real processes, each ended by its test."""

import os
import shutil
import subprocess
import sys

import psutil
import pytest

from nourx_site.local.places import ROOT, temporary_folder
from nourx_site.local.postgres import Postgres
from nourx_site.local.watchdog import watching


@pytest.fixture
def folder():
    """A new folder with a path short enough for sockets."""
    place = temporary_folder()
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="module")
def postgres():
    """A running throwaway server, shared by the tests of a module."""
    place = temporary_folder()
    server = Postgres(place, throwaway=True)
    with watching(place):
        server.start()
        yield server
        server.stop()
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def run_module(folder):
    """Start a module of ours in the background, with its data in the folder."""
    started = []

    def start(name, *words, **variables):
        given = {"PATH": os.environ["PATH"], "NOURX_VAR": str(folder), **variables}
        process = subprocess.Popen(
            [sys.executable, "-m", f"nourx_site.local.{name}", *words],
            cwd=ROOT,
            env=given,
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


@pytest.fixture
def processes_of():
    """A function that lists the living processes whose command names a folder."""

    def find(folder):
        return [
            process
            for process in psutil.process_iter(["cmdline", "status"])
            if str(folder) in " ".join(process.info["cmdline"] or [])
            and process.info["status"] != psutil.STATUS_ZOMBIE
        ]

    return find


@pytest.fixture
def run_command_line():
    """Run one command of manage.py to its end."""

    def run(*words, **variables):
        given = {"PATH": os.environ["PATH"], **variables}
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
