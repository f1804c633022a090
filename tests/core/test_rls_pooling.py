"""Two sessions of ours on one physical connection, as behind a pooler in transaction mode."""

import pytest
from django.db import connections, transaction

from core import rls

pytestmark = pytest.mark.django_db(transaction=True)
SEEN = "SELECT coalesce(string_agg(name, ',' ORDER BY name), '') FROM accounts_client"


@pytest.fixture
def pooled():
    """Two connections of Django, each with its stamper, over one connection of PostgreSQL."""
    for alias in ("first", "second"):
        connections.settings[alias] = connections.settings["default"].copy()
        connections[alias].settings_dict.update(connections["default"].settings_dict)
        connections[alias].connect()
    own = connections["second"].connection
    connections["second"].connection = shared = connections["first"].connection
    yield shared
    own.close()
    shared.close()
    for alias in ("first", "second"):
        connections[alias].connection = None
        del connections[alias]
        del connections.settings[alias]


def read(alias):
    with connections[alias].cursor() as cursor:
        cursor.execute(SEEN)
        return cursor.fetchone()[0]


def test_statements_in_turns_keep_their_scopes_apart(acme, rival, pooled):
    for _turn in range(20):
        with rls.clients(acme.pk):
            first = read("first")
        with rls.clients(rival.pk):
            second = read("second")
        nobody = read("first")

        assert (first, second, nobody) == ("Acme Distribution", "Rival Transit", "")


def test_transactions_in_turns_keep_their_scopes_apart(acme, rival, pooled):
    for _turn in range(20):
        with rls.clients(acme.pk), transaction.atomic(using="first"):
            first = [read("first"), read("first")]
        with transaction.atomic(using="second"):
            nobody = read("second")
        with rls.staff("test"), transaction.atomic(using="second"):
            team = read("second")

        assert first == ["Acme Distribution"] * 2
        assert nobody == ""
        assert team == "Acme Distribution,Rival Transit"


def test_nothing_of_a_scope_stays_on_the_connection(acme, rival, pooled):
    with rls.staff("test"), transaction.atomic(using="first"):
        read("first")
    with rls.clients(acme.pk, rival.pk):
        read("first")

    row = pooled.execute(
        "SELECT current_user::text, current_setting('app.client_ids', true)"
    ).fetchone()
    seen = pooled.execute(SEEN).fetchone()

    assert row == ("nourx_app", "")
    assert seen == ("",)


def test_a_rollback_leaves_nothing_either(acme, rival, pooled):
    with pytest.raises(RuntimeError), rls.staff("test"), transaction.atomic(using="first"):
        read("first")
        raise RuntimeError

    assert read("second") == ""
    assert pooled.execute("SELECT current_user::text").fetchone() == ("nourx_app",)
