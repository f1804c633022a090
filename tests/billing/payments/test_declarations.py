"""« J’ai payé autrement »: said by the client, looked for by the team."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from billing.payments import queries, services
from billing.payments.models import MoneyAccount, Payment, TransferDeclaration
from core import hooks, rls
from core.notify.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture():
    """A screenshot, as a telephone makes it."""
    held = BytesIO()
    Image.new("RGB", (2, 2)).save(held, "PNG")
    return SimpleUploadedFile("capture.png", held.getvalue(), "image/png")


@pytest.fixture
def wave(company):
    """Our Wave number, shown to clients."""
    return MoneyAccount.objects.create(
        company=company, kind="wave", name="Wave", number="07 00 00 00 01", is_shown=True
    )


@pytest.fixture
def declare(invoice, wave, acme_owner, now):
    """Return a function by which Acme says to have paid."""

    def say(reference="T-12345", amount=118_000, actor=acme_owner, **fields):
        values = {"invoice": invoice, "account": wave, "paid_on": now.date(), "at": now}
        slip = services.Slip(reference=reference)
        with rls.clients(fields.get("invoice", invoice).client_id):
            return services.declare_transfer(
                **{**values, "amount": amount, "actor": actor, "slip": slip, **fields}
            )

    return say


def test_a_declaration_counts_nothing_and_holds_reminders_two_days(invoice, declare, now):
    declare()

    with rls.staff("test"):
        invoice.refresh_from_db()
        assert (invoice.amount_due, Payment.objects.count()) == (118_000, 0)
        assert hooks.invoices_being_paid([invoice.pk]) == {invoice.pk}
        TransferDeclaration.objects.update(declared_at=now - timedelta(hours=49))
        assert hooks.invoices_being_paid([invoice.pk]) == set()


def test_the_team_confirms_once_what_really_came(invoice, declare, owner_staff, now):
    declaration = declare()

    with rls.staff("test"):
        payment = services.confirm_declaration(
            declaration=declaration, amount=100_000, actor=owner_staff, at=now
        )
        with pytest.raises(services.DeclarationDecided):
            services.confirm_declaration(declaration=declaration, actor=owner_staff, at=now)
        invoice.refresh_from_db()
        assert (invoice.amount_due, payment.provider_reference) == (18_000, "T-12345")
        assert Payment.objects.count() == 1
        assert queries.find_differences() == []


def test_a_refusal_is_told_to_the_client_who_may_declare_again(
    declare, owner_staff, acme_owner, now
):
    declaration = declare()

    with rls.staff("test"):
        services.refuse_declaration(
            declaration=declaration, reason="Rien sur le relevé", actor=owner_staff, at=now
        )
        assert Notification.objects.filter(user=acme_owner, event="declaration_refused").exists()
        assert not Payment.objects.exists()
    declare()


def test_a_reference_is_declared_once_whoever_says_it(
    declare, make_invoice, rival, rival_owner, now
):
    declare()
    other = make_invoice(rival, "FAC-2026-0009")

    with pytest.raises(services.CannotDeclare):
        declare(reference="t 12345")
    with pytest.raises(services.CannotDeclare):
        declare(invoice=other, actor=rival_owner, reference="T12345")

    with rls.staff("test"):
        assert TransferDeclaration.objects.count() == 1


@pytest.mark.parametrize(
    "fields", [{"amount": 0}, {"amount": 10**12}, {"reference": ""}, {"paid_on": "tomorrow"}]
)
def test_what_cannot_be_is_refused(declare, now, fields):
    if "paid_on" in fields:
        fields = {"paid_on": now.date() + timedelta(days=1)}

    with pytest.raises(services.CannotDeclare):
        declare(**fields)

    with rls.staff("test"):
        assert not TransferDeclaration.objects.exists()


def test_somebody_else_declares_nothing(declare, rival_owner):
    with pytest.raises(PermissionDenied):
        declare(actor=rival_owner)

    with rls.staff("test"):
        assert not TransferDeclaration.objects.exists()


def test_the_client_declares_from_the_page_with_a_picture(
    client_of, acme_owner, invoice, wave, picture, now
):
    url = reverse("payments:declare", args=[invoice.number])
    form = {"account": wave.pk, "amount": "118 000", "paid_on": str(now.date()), "reference": ""}
    browser = client_of(acme_owner)

    empty = browser.post(url, form)
    answer = browser.post(url, {**form, "files": picture})
    page = browser.get(reverse("invoicing:invoice", args=[invoice.number])).content.decode()

    assert (empty.status_code, answer.status_code) == (422, 303)
    assert "Paiement déclaré sur Wave" in page
    with rls.staff("test"):
        assert TransferDeclaration.objects.get().proof.name == "capture.png"


def test_a_client_reaches_no_answer_of_the_team(client_of, acme_owner, declare):
    declaration = declare()
    url = reverse("wagtailsnippets_payments_transferdeclaration:confirmer", args=[declaration.pk])

    client_of(acme_owner).post(url, {"amount": "118 000"})

    with rls.staff("test"):
        declaration.refresh_from_db()
        assert (declaration.state, Payment.objects.count()) == ("pending", 0)
