"""The demo: the same small world, once, and never beside real clients."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.utils import timezone

from billing.invoicing.models import Invoice, Quote
from billing.payments.models import PaymentAttempt
from core.accounts.models import Client, User
from portal.projects.models import Project

SIGN_INS = [
    "direction@nourx.test",
    "gestion@nourx.test",
    "redaction@nourx.test",
    "aminata@akwaba.test",
    "compta@akwaba.test",
    "yao@lagune.test",
]
MODELS = (User, Client, Project, Invoice, Quote, PaymentAttempt)


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    """Keep private files in a folder of the test."""
    disk = settings.STORAGES["private"]
    options = {**disk["OPTIONS"], "location": tmp_path / "private"}
    settings.STORAGES = {**settings.STORAGES, "private": {**disk, "OPTIONS": options}}


def counts():
    return {model: model.objects.count() for model in MODELS}


@pytest.mark.django_db
def test_the_small_world_is_made_once_and_holds_together(team):
    call_command("demo")
    before = counts()

    call_command("demo")

    assert counts() == before
    assert (before[Client], before[Project]) == (7, 8)
    year = timezone.localdate().year
    featured = Invoice.objects.get(number=f"FAC-{year}-0042")
    assert (featured.amount_paid, featured.total) == (0, 1_475_000)
    assert Quote.objects.filter(client=featured.client, status=Quote.Status.SENT).exists()
    failed = PaymentAttempt.objects.get(invoice=featured)
    assert failed.state == PaymentAttempt.State.FAILED
    call_command("reconcile")
    for email in SIGN_INS:
        browser = Browser()
        browser.post("/connexion/", {"login": email, "password": "nourx-demo"})
        assert browser.session["_auth_user_id"] == str(User.objects.get(email=email).pk)


@pytest.mark.django_db
def test_bulk_rows_obey_the_same_rules(team):
    call_command("demo")
    before = Invoice.objects.count()

    call_command("demo", clients=3, invoices=6)
    call_command("demo", invoices=3)

    bulk = Invoice.objects.filter(client__name__startswith="Volume ")
    assert (Invoice.objects.count() - before, bulk.count()) == (9, 9)
    assert {invoice.lines.count() for invoice in bulk} == {5}
    assert all(sum(line.net for line in row.lines.all()) == row.total_net for row in bulk)
    call_command("reconcile")


@pytest.mark.django_db
def test_the_demo_keeps_away_from_real_clients(team, acme):
    with pytest.raises(CommandError, match="contient déjà des clients"):
        call_command("demo")

    assert (Client.objects.count(), User.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_the_demo_refuses_production(settings):
    settings.DEMO_ACCOUNTS_ALLOWED = False

    with pytest.raises(CommandError, match="n’existent pas en production"):
        call_command("demo")

    assert not User.objects.exists()
