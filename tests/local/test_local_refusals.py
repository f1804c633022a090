"""What prevents a start is one French line and exit code 1, never a traceback."""

import errno
import socket
from collections import namedtuple

import pytest

from nourx_site.local import machine
from nourx_site.local.console import CannotStart
from nourx_site.local.given_servers import require_answers

NO_SERVER = "postgresql://nourx_owner@/nourx?host=/nowhere"


def outcome(process):
    words, errors = process.communicate(timeout=30)
    return process.returncode, words, errors


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_port_in_use_is_one_line(run_module, taken_port):
    code, words, errors = outcome(run_module("serve", PORT=str(taken_port)))

    assert (code, words) == (1, "")
    assert errors.startswith(f"NOURX : le port {taken_port} est déjà pris ; essayez")
    assert errors.count("\n") == 1


def test_a_port_that_is_no_number_is_one_line(run_module):
    assert outcome(run_module("serve", PORT="huit")) == (
        1,
        "",
        "NOURX : PORT=huit n’est pas un numéro de port (1 à 65535).\n",
    )


def test_a_second_run_is_one_line_with_the_address(run_module, folder):
    with machine.only_runner(folder / "run.lock", "http://127.0.0.1:8123"):
        code, words, errors = outcome(run_module("serve", PORT="8124"))

    assert (code, words) == (1, "")
    assert errors == (
        "NOURX : NOURX tourne déjà ici : http://127.0.0.1:8123 "
        "(Ctrl-C dans son terminal pour l’arrêter).\n"
    )


def test_a_database_that_does_not_answer_is_one_line(run_module, folder, processes_of):
    run = run_module("serve", PORT="8124", DATABASE_URL=NO_SERVER)

    code, words, errors = outcome(run)

    assert (code, words) == (1, "")
    assert errors.startswith("NOURX : la base de données de DATABASE_URL ne répond pas (")
    assert errors.count("\n") == 1
    assert processes_of(folder) == []


def test_an_owner_without_a_web_role_is_refused(postgres):
    with pytest.raises(CannotStart, match="sans APP_DATABASE_URL"):
        require_answers({"DATABASE_URL": postgres.url("nourx_owner")})


def test_servers_that_answer_are_accepted(postgres):
    assert require_answers(postgres.environment()) is None


def test_a_redis_that_does_not_answer_is_refused():
    with pytest.raises(CannotStart, match="le Redis de REDIS_URL ne répond pas"):
        require_answers({"REDIS_URL": "unix:///nowhere/redis.sock"})


def test_a_command_without_database_is_one_line(run_command_line):
    addresses = {"DATABASE_URL": NO_SERVER, "APP_DATABASE_URL": NO_SERVER}

    done = run_command_line("showmigrations", "--skip-checks", **addresses)

    assert done.returncode == 1
    assert done.stderr == (
        "La base de données ne répond pas. Lancez d’abord « make run », "
        "ou vérifiez DATABASE_URL et APP_DATABASE_URL.\n"
    )


def test_a_nearly_full_disk_is_refused(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")(10**9, 9 * 10**8, 10**8)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda folder: usage)

    with pytest.raises(CannotStart, match="presque plein : 95 Mo libres, il en faut 500"):
        machine.require_disk(tmp_path)


def test_a_reserved_port_is_told_from_a_taken_one(monkeypatch):
    monkeypatch.setattr(machine, "_port_problem", lambda port: errno.EACCES)

    with pytest.raises(CannotStart, match="le port 80 est réservé au système"):
        machine.require_free_port(80)


def test_the_next_free_port_is_found(taken_port):
    assert machine.free_port_from(taken_port) > taken_port
