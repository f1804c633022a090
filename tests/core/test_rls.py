"""Row-level security as the web role lives it, with raw SQL and no filter of ours."""

import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.http import StreamingHttpResponse

from billing.invoicing.models import Invoice, InvoiceLine
from core import rls
from core.access.middleware import RowSecurityMiddleware
from portal.projects.models import Project, Task

real = pytest.mark.django_db(transaction=True)


def names(sql="SELECT name FROM accounts_client ORDER BY name"):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


BOTH = ["Acme Distribution", "Rival Transit"]


@pytest.fixture
def two(acme, rival):
    """Two clients, as a pair of ids."""
    return acme.pk, rival.pk


# --- Reading --------------------------------------------------------------------------------


def test_nobody_reads_nothing(two):
    assert names() == []


def test_a_client_reads_its_own_rows(two):
    with rls.clients(two[0]):
        assert names() == ["Acme Distribution"]


def test_two_clients_read_both(two):
    with rls.clients(*two):
        assert names() == BOTH


def test_the_team_reads_all_and_must_say_why(two):
    with rls.staff("test"):
        assert names() == BOTH

    with pytest.raises(ValueError, match="reason"):
        rls.staff("")


def test_scopes_nest_and_come_back(two):
    with rls.clients(two[0]):
        with rls.clients(two[1]):
            inner = names()
        with rls.staff("test"):
            team = names()
        with rls.nobody():
            none = names()
        outer = names()

    assert (inner, team, none, outer) == (["Rival Transit"], BOTH, [], ["Acme Distribution"])


def test_a_scope_ends_with_an_error(two):
    with pytest.raises(RuntimeError), rls.staff("test"):
        raise RuntimeError

    assert rls.current() == rls.NOBODY
    assert names() == []


@real
def test_outside_a_transaction_each_statement_carries_its_scope(two):
    with rls.clients(two[0]):
        first = names()
    second = names()
    with rls.clients(two[1]):
        third = names()

    assert (first, second, third) == (["Acme Distribution"], [], ["Rival Transit"])


@real
def test_an_error_leaves_no_scope_behind(two):
    with rls.staff("test"), pytest.raises(ProgrammingError):
        names("SELECT name FROM there_is_no_such_table")

    assert names() == []
    with rls.clients(two[0]):
        assert names() == ["Acme Distribution"]


@real
def test_an_error_inside_a_transaction_leaves_no_scope_behind(two):
    with rls.staff("test"), pytest.raises(ProgrammingError), transaction.atomic():
        names()
        names("SELECT name FROM there_is_no_such_table")

    assert names() == []


@real
def test_rolling_back_to_a_savepoint_stamps_again(two):
    with transaction.atomic():
        with rls.clients(two[0]), pytest.raises(RuntimeError), transaction.atomic():
            with rls.clients(two[1]):
                inner = names()
            raise RuntimeError
        after = names()
        with rls.clients(two[0]):
            again = names()

    assert (inner, after, again) == (["Rival Transit"], [], ["Acme Distribution"])


@real
def test_a_savepoint_that_widens_does_not_widen_what_follows(two):
    with transaction.atomic(), rls.clients(two[0]):
        own = names()
        with pytest.raises(RuntimeError), transaction.atomic(), rls.staff("test"):
            names()
            raise RuntimeError
        after = names()

    assert own == after == ["Acme Distribution"]


@real
def test_a_new_connection_starts_with_nothing(two):
    with rls.clients(two[0]):
        connection.close()
        fresh = names()
    connection.close()

    assert fresh == ["Acme Distribution"]
    assert names() == []


@real
def test_a_new_thread_starts_with_nothing(two):
    seen = []

    def read():
        seen.append((rls.current(), names()))
        connection.close()

    with rls.staff("test"):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()

    assert seen == [(rls.NOBODY, [])]


@real
def test_threads_do_not_share_scopes(two):
    wrong, together = [], threading.Barrier(8)

    def read(number):
        own, expected = two[number % 2], BOTH[number % 2]
        together.wait()
        for _turn in range(20):
            with rls.clients(own):
                if names() != [expected]:
                    wrong.append(number)
        connection.close()

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


@pytest.mark.parametrize("value", ["", "{}", "{0}", "{-1}"])
def test_an_empty_or_meaningless_setting_opens_nothing(two, value):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.client_ids', %s, true)", [value])

        assert names() == []


@pytest.mark.parametrize("value", ["rubbish", "5", "{5,x}", "{5;6}"])
def test_a_garbled_setting_fails_instead_of_opening(two, value):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.client_ids', %s, true)", [value])
        names()


def test_scopes_are_made_of_whole_numbers_only(two):
    with pytest.raises(ValueError, match="invalid literal"):
        rls.clients("1}', true), set_config('role', 'nourx_staff")


# --- Streams --------------------------------------------------------------------------------


def test_a_streamed_answer_reads_in_the_scope_of_its_request(two, rf, acme_owner):
    def rows():
        yield from names()

    request = rf.get("/client/")
    request.user = acme_owner
    answer = RowSecurityMiddleware(lambda request: StreamingHttpResponse(rows()))(request)

    assert b"".join(answer.streaming_content) == b"Acme Distribution"
    assert rls.current() == rls.NOBODY


def test_between_two_pieces_of_a_stream_the_scope_is_closed(two):
    pieces = rls.scoped_iterator(rls.Scope(staff=True), iter(["one", "two"]))

    first = next(pieces)

    assert first == "one"
    assert names() == []
    assert list(pieces) == ["two"]


# --- Writing --------------------------------------------------------------------------------


def test_a_client_writes_no_row_of_another(two, acme):
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with rls.clients(two[0]), refused, transaction.atomic():
        Project.objects.create(client_id=two[1], title="Intrus")

    with rls.staff("test"):
        assert not Project.objects.exists()


def test_a_client_does_not_move_its_row_to_another(two, project):
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with rls.clients(two[0]), refused, transaction.atomic():
        Project.objects.filter(pk=project.pk).update(client_id=two[1])

    with rls.staff("test"):
        assert Project.objects.get().client_id == two[0]


def test_rows_of_another_are_neither_changed_nor_deleted(two, project):
    with rls.clients(two[1]):
        changed = Project.objects.update(title="Volé")
        deleted = Project.objects.all()._raw_delete("default")

    assert (changed, deleted) == (0, 0)
    with rls.staff("test"):
        assert Project.objects.get().title == "Boutique en ligne"


def test_rows_of_another_are_not_locked(two, project):
    with rls.clients(two[1]):
        assert list(Project.objects.select_for_update()) == []


def test_nobody_writes_nothing(two):
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Project.objects.create(client_id=two[0], title="Intrus")


def test_a_row_does_not_hang_under_the_row_of_another(two, rival, make_project):
    """Keys are checked outside the locks; the client is part of the key."""
    foreign = make_project(rival)

    refused = pytest.raises(IntegrityError, match="projects_task_project_id_client")
    with rls.clients(two[0]), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO projects_task (client_id, project_id, title, body, status, priority,"
            " is_shared, estimate, version, created_at, updated_at)"
            " VALUES (%s, %s, 'x', '', 'todo', 2, true, 0, 1, now(), now())",
            [two[0], foreign.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with rls.staff("test"):
        assert not Task.objects.exists()


def test_a_line_carries_the_client_of_its_paper(two, acme, rival, draft):
    with rls.staff("test"), pytest.raises(IntegrityError), transaction.atomic():
        InvoiceLine.objects.bulk_create(
            [InvoiceLine(invoice=draft, client=rival, label="x", unit_price=Decimal(1))]
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_text_of_a_refusal_names_no_row_of_another(two, rival, make_invoice):
    make_invoice(rival, "FAC-2026-0077")

    with rls.clients(two[0]):
        assert not Invoice.objects.filter(number="FAC-2026-0077").exists()
