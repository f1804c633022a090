"""Row-level security around requests and owed work: nobody asks for more than their own."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse, StreamingHttpResponse

from core import rls
from core.access.middleware import RowSecurityMiddleware
from core.accounts.models import Client
from core.outbox import services


def names():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM accounts_client ORDER BY name")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def two(acme, rival):
    """Two clients, as a pair of ids."""
    return acme.pk, rival.pk


# --- What the web role may not do -----------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE accounts_client DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE accounts_client NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY nourx_client ON accounts_client",
        "CREATE POLICY open ON accounts_client USING (true)",
        "CREATE TABLE copy_of_clients AS SELECT * FROM accounts_client",
        "CREATE OR REPLACE FUNCTION public.nourx_client_ids() RETURNS bigint[]"
        " LANGUAGE sql AS 'SELECT ARRAY[1]::bigint[]'",
        "SET ROLE nourx_owner",
        "ALTER ROLE nourx_app BYPASSRLS",
        "GRANT nourx_staff TO nourx_app WITH INHERIT TRUE",
    ],
)
def test_the_web_role_opens_no_lock(two, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert names() == []


def test_a_request_cannot_ask_for_a_wider_scope(two, client_of, acme_owner):
    browser = client_of(acme_owner)
    browser.cookies["app.client_ids"] = f"{{{two[0]},{two[1]}}}"
    browser.cookies["role"] = "nourx_staff"
    scopes = []

    def answer(request):
        scopes.append(rls.current())
        return StreamingHttpResponse([])

    request = browser.get("/client/profil/", headers={"X-Role": "nourx_staff"}).wsgi_request
    RowSecurityMiddleware(answer)(request)

    assert scopes == [rls.Scope(clients=(two[0],))]


def test_a_person_without_rights_in_the_admin_gets_no_team_view(rf, acme_owner, make_user, two):
    scopes = []

    def answer(request):
        scopes.append(rls.current())
        return StreamingHttpResponse([])

    for person in (acme_owner, make_user(is_staff=True), make_user(is_active=False)):
        request = rf.get("/admin/")
        request.user = person
        RowSecurityMiddleware(answer)(request)

    assert scopes == [rls.NOBODY] * 3


def test_a_superuser_outside_the_admin_has_no_team_view(rf, owner_staff, two):
    scopes = []
    for path in ("/client/", "/", "/api/webhooks/cinetpay/", "/connexion/"):
        request = rf.get(path)
        request.user = owner_staff
        RowSecurityMiddleware(
            lambda request: scopes.append(rls.current()) or StreamingHttpResponse([])
        )(request)

    assert scopes == [rls.NOBODY] * 4


# --- Work done apart ------------------------------------------------------------------------


def test_owed_work_of_a_client_runs_in_its_scope(two, do_owed_work):
    seen = []
    services.handles("test-scope")(lambda payload: seen.append(names()))

    services.owe("test-scope", key="a", payload={}, client_id=two[0])
    services.owe("test-scope", key="b", payload={})
    do_owed_work()

    assert seen == [["Acme Distribution"], []]


@pytest.mark.django_db(transaction=True)
def test_a_page_that_breaks_takes_back_what_it_wrote(acme, rf, acme_owner):
    def answer(request):
        Client.objects.filter(pk=acme.pk).update(city="Bouaké")
        return HttpResponse(status=500)

    request = rf.get("/client/")
    request.user = acme_owner
    RowSecurityMiddleware(answer)(request)

    with rls.staff("test"):
        assert Client.objects.get(pk=acme.pk).city == "Abidjan"
