"""The embedded PostgreSQL: who may do what, and how it starts again."""

import os
import stat

import psycopg
import pytest

from nourx_site.local import roles
from nourx_site.local.console import CannotStart
from nourx_site.local.places import LONGEST_SOCKET_PATH, socket_folder
from nourx_site.local.postgres import Postgres
from nourx_site.local.watchdog import watching

ATTRIBUTES = """
    SELECT rolcanlogin, rolinherit, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb
    FROM pg_roles WHERE rolname = %s
"""


def ask(postgres, role, query, *values):
    with psycopg.connect(postgres.url(role), autocommit=True) as connection:
        return connection.execute(query, values).fetchone()


@pytest.mark.parametrize(
    ("role", "attributes"),
    [
        ("nourx_owner", (True, False, False, False, False, True)),
        ("nourx_app", (True, False, False, False, False, False)),
        ("nourx_staff", (False, False, False, False, False, False)),
    ],
)
def test_each_role_has_exactly_its_attributes(postgres, role, attributes):
    found = ask(postgres, "postgres", ATTRIBUTES, role)

    assert found == attributes


@pytest.mark.parametrize("role", ["nourx_app", "nourx_owner"])
def test_a_login_may_become_staff_but_is_not_staff(postgres, role):
    query = "SELECT pg_has_role('nourx_staff', 'USAGE'), pg_has_role('nourx_staff', 'SET')"

    assert ask(postgres, role, query) == (False, True)


def test_the_web_role_owns_nothing_and_cannot_create(postgres):
    owned = "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = 'nourx_app'"

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(postgres, "nourx_app", "CREATE TABLE public.mine (id int)")

    assert ask(postgres, "postgres", owned) == (0,)


def test_the_web_role_reads_and_writes_what_the_owner_creates(postgres):
    with psycopg.connect(postgres.url("nourx_owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE invoice (id bigint GENERATED ALWAYS AS IDENTITY, total bigint)")

    inserted = ask(postgres, "nourx_app", "INSERT INTO invoice (total) VALUES (7) RETURNING id")

    assert inserted == (1,)
    assert ask(postgres, "nourx_app", "SELECT sum(total) FROM invoice") == (7,)


def test_making_the_roles_again_takes_back_what_was_added(postgres):
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as superuser:
        superuser.execute("ALTER ROLE nourx_app BYPASSRLS INHERIT")

        roles.make_roles(superuser, may_create_databases=False)

        assert superuser.execute(ATTRIBUTES, ["nourx_app"]).fetchone()[1:4] == (False, False, False)
        assert superuser.execute(ATTRIBUTES, ["nourx_owner"]).fetchone()[5] is False
        roles.make_roles(superuser, may_create_databases=True)


def test_roles_which_exist_keep_their_passwords(postgres):
    with (
        psycopg.connect(postgres.url("postgres"), autocommit=True) as superuser,
        pytest.raises(CannotStart, match="les rôles existent déjà"),
    ):
        roles.say_addresses(superuser)

    assert ask(postgres, "postgres", "SELECT count(rolpassword) FROM pg_authid") == (0,)


def test_the_server_listens_to_a_private_socket_only(postgres):
    assert ask(postgres, "postgres", "SHOW listen_addresses") == ("",)
    assert stat.S_IMODE(postgres.sockets.stat().st_mode) == 0o700


def test_the_server_keeps_utc_and_unicode(postgres):
    assert ask(postgres, "nourx_app", "SHOW timezone") == ("UTC",)
    assert ask(postgres, "nourx_app", "SELECT upper('é'), lower('Œ')") == ("É", "œ")


def test_killed_with_its_runner_it_starts_again_with_its_data(folder, processes_of):
    first, second = Postgres(folder), Postgres(folder)
    with watching(folder):
        first.start()
        with psycopg.connect(first.url("nourx_owner")) as owner:
            owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        first.process.kill()

        second.start()
        first.process.wait()

        assert ask(second, "nourx_app", "SELECT answer FROM kept") == (42,)
        second.stop()

    assert processes_of(folder) == []


def test_a_server_that_outlived_its_runner_is_replaced(folder, processes_of):
    first, second = Postgres(folder, throwaway=True), Postgres(folder, throwaway=True)
    with watching(folder):
        first.start()

        second.start()

        assert first.process.wait(5) == 0
        assert ask(second, "nourx_app", "SELECT 1") == (1,)
        second.stop()
        second.stop()
    assert processes_of(folder) == []


def test_a_number_now_used_by_something_else_does_not_stop_it(folder):
    server = Postgres(folder, throwaway=True)
    with watching(folder):
        server.start()
        note = (server.data / "postmaster.pid").read_text().split("\n", 1)[1]
        server.stop()
        (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{note}")
        (server.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n{note}")

        server.start()

        assert ask(server, "nourx_app", "SELECT 1") == (1,)
        server.stop()


def test_a_deep_folder_gets_a_short_socket(folder):
    deep = folder / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)

    sockets = socket_folder(deep, "pg", ".s.PGSQL.5432")

    assert len(str(sockets / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert socket_folder(deep, "pg", ".s.PGSQL.5432") == sockets
    sockets.rmdir()
