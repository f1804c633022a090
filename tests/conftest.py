"""The small world most tests live in, and a database seen as the web role sees it.

Fixtures make rows in the team's view. A test that reads rows itself asks for `team` or enters a
scope; a request through a test client gets its scope from the middleware, as in production.
"""

import gc
import os
from datetime import UTC, date, datetime
from itertools import count

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.test import Client as Browser
from django.test import TransactionTestCase
from django.utils import timezone

from core import rls

ON = date(2026, 11, 20)  # the day of the small world
DUE = date(2026, 12, 4)
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
PASSWORD = "une-phrase-assez-longue"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OWNER: dict = {}
_numbers = count(1)


def pytest_collection_finish(session):
    """Look through what was imported and collected no more: an eighth of the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Migrate as the owner, then become the web role: neither owner nor above row security."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            # Tests that need real commits empty the tables afterwards.
            cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO nourx_app")
        connection.close()
        become_web_role(connection)
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(OWNER)


def become_web_role(which):
    """Have a connection sign in as the web role from now on."""
    OWNER.update(USER=which.settings_dict["USER"], PASSWORD=which.settings_dict["PASSWORD"])
    app = settings.APP_DATABASE_USER
    which.settings_dict.update(USER=app["USER"], PASSWORD=app.get("PASSWORD", ""))


# What migrations write once, is the same for every test, and takes as long to write again as a
# short test takes to run: the kinds of rows, the rights on them, the groups that hold these.
LASTING = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
}


def empty_tables(test):
    """Empty what a test committed, as Django does, but for what lasts."""
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - LASTING)
        cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, names))}")


TransactionTestCase._fixture_teardown = empty_tables


@pytest.fixture(autouse=True)
def fresh_cache(monkeypatch):
    """Give each test its own keys in Redis: limits and sessions do not run on."""
    cache = caches["default"]
    monkeypatch.setattr(cache, "key_prefix", f"{cache.key_prefix}-{os.getpid()}-{next(_numbers)}")


@pytest.fixture
def team():
    """Run the test with the team's view of the rows."""
    with rls.staff("test"):
        yield


# --- Companies ------------------------------------------------------------------------------


@pytest.fixture
def company(db):
    """Our own company, which charges VAT."""
    from core.accounts.models import Company

    return Company.objects.create(
        name="NOURX",
        legal_name="NOURX SARL",
        legal_form="SARL",
        rccm="CI-ABJ-03-2021-B13-00123",
        ncc="2112345A",
        address="Cocody, rue des Jardins",
        city="Abidjan",
        phone="+225 27 22 40 00 00",
        email="contact@nourx.test",
    )


@pytest.fixture
def make_client(company):
    """Return a function that makes a client company."""
    from core.accounts.models import Client

    def make(name, **fields):
        with rls.staff("test world"):
            return Client.objects.create(company=company, name=name, **fields)

    return make


@pytest.fixture
def acme(make_client):
    """The client most tests are about."""
    return make_client("Acme Distribution", ncc="1234567A", city="Abidjan", email="acme@acme.test")


@pytest.fixture
def rival(make_client):
    """Another client, who must never see anything of Acme's."""
    return make_client(
        "Rival Transit", ncc="7654321Z", city="San-Pédro", email="contact@rival.test"
    )


# --- People ---------------------------------------------------------------------------------


@pytest.fixture
def make_user(db):
    """Return a function that makes an account whose password is `PASSWORD`."""
    from core.accounts.models import User

    def make(email=None, **fields):
        fields.setdefault("first_name", "Awa")
        fields.setdefault("last_name", "Koné")
        address = email or f"personne-{next(_numbers)}@exemple.test"
        return User.objects.create_user(address, PASSWORD, **fields)

    return make


@pytest.fixture
def make_member(make_user):
    """Return a function that makes an account with a role at a client."""
    from core.accounts import services

    def make(client, role="owner", *, projects=None, user=None, **fields):
        person = user or make_user(**fields)
        with rls.staff("test world"):
            services.add_member(
                user=person,
                client=client,
                role=role,
                actor=None,
                is_limited=projects is not None,
                project_ids=[project.pk for project in projects or ()],
            )
        return person

    return make


@pytest.fixture
def acme_owner(acme, make_member):
    """The person who answers for Acme."""
    return make_member(acme, "owner", email="awa@acme.test")


@pytest.fixture
def rival_owner(rival, make_member):
    """The person who answers for Rival."""
    return make_member(rival, "owner", email="yao@rival.test", first_name="Yao")


@pytest.fixture
def owner_staff(make_user):
    """The head of the agency: may do everything."""
    return make_user("direction@nourx.test", is_staff=True, is_superuser=True)


@pytest.fixture
def make_staff(make_user):
    """Return a function that makes somebody of the team, with a role there."""
    from core.accounts import services

    def make(role, **fields):
        return services.give_staff_role(user=make_user(**fields), role=role, actor=None)

    return make


@pytest.fixture
def manager(make_staff):
    """Somebody of the team who runs clients, projects and billing."""
    return make_staff("manager", email="gestion@nourx.test")


@pytest.fixture
def editor(make_staff):
    """Somebody of the team who writes the knowledge base, and nothing else."""
    return make_staff("editor", email="redaction@nourx.test")


@pytest.fixture
def client_of():
    """Return a function that opens a browser signed in as somebody, or as nobody."""

    def browse(user=None, **options):
        browser = Browser(**options)
        if user is not None:
            browser.force_login(user, backend=BACKEND)
        return browser

    return browse


# --- Work and papers ------------------------------------------------------------------------


@pytest.fixture
def make_project():
    """Return a function that makes a project of a client."""
    from portal.projects.models import Project

    def make(client, title="Boutique en ligne", **fields):
        with rls.staff("test world"):
            return Project.objects.create(client=client, title=title, **fields)

    return make


@pytest.fixture
def project(acme, make_project):
    """A running project of Acme."""
    return make_project(acme)


@pytest.fixture
def make_invoice(company):
    """Return a function that makes an invoice of one line; issued when it has a number."""
    from billing.invoicing.models import Invoice, InvoiceLine

    def make(client, number="", *, net=100_000, vat=18_000, **fields):
        issued = {"status": "issued", "issue_date": ON, "issued_at": AT, "due_date": DUE}
        with rls.staff("test world"):
            invoice = Invoice.objects.create(
                company=company,
                client=client,
                subject="Maquettes",
                total_net=net,
                total_vat=vat,
                total=net + vat,
                vat_groups=[{"rate": "18", "base": net, "vat": vat}],
                **fields,
            )
            InvoiceLine.objects.create(
                invoice=invoice, label="Maquettes des pages", unit_price=net, net=net
            )
            if number:  # once issued, its lines are frozen
                Invoice.objects.filter(pk=invoice.pk).update(number=number, **issued)
                invoice.refresh_from_db()
        return invoice

    return make


@pytest.fixture
def invoice(acme, make_invoice):
    """An issued invoice of Acme: 118 000 francs, none of it paid."""
    return make_invoice(acme, "FAC-2026-0001")


@pytest.fixture
def draft(acme, make_invoice):
    """An invoice of Acme that nobody has issued."""
    return make_invoice(acme)


# --- Owed work ------------------------------------------------------------------------------


@pytest.fixture
def do_owed_work(db):
    """Return a function that does everything owed, as the worker would, and returns the mail."""
    from core.outbox import services

    def work():
        while pending := services.due(timezone.now()):
            for work_id in pending:
                services.do(work_id, at=timezone.now())
        return mail.outbox

    return work
