"""Using what a client has paid ahead on an invoice that is due."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.invoicing.models import InvoiceEvent
from billing.payments import queries, services
from billing.payments.models import Allocation, Payment, PaymentAttempt, Receipt
from billing.payments.services import CannotUseCredit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
AT = timezone.now().replace(microsecond=0)


@pytest.fixture
def advance(acme, manager):
    """Return a function that writes money paid ahead down."""

    def pay(amount, client=acme):
        return services.record_payment(
            client=client,
            invoice=None,
            amount=amount,
            method="transfer",
            reference="",
            received_on=timezone.localdate(AT),
            actor=manager,
            at=AT,
        )

    return pay


def test_credit_pays_as_far_as_it_goes(invoice, advance, manager):
    advance(50_000)

    used = services.use_credit(invoice=invoice, at=AT, actor=manager)

    invoice.refresh_from_db()
    assert (used, invoice.amount_due) == (50_000, 68_000)
    assert queries.client_credit(invoice.client_id, "XOF") == 0
    assert queries.find_differences() == []


def test_the_oldest_credit_goes_first_and_the_rest_stays(invoice, advance, manager):
    first, second = advance(100_000), advance(30_000)

    used = services.use_credit(invoice=invoice, at=AT, actor=manager)

    invoice.refresh_from_db()
    rows = Allocation.objects.order_by("pk").values_list("payment_id", "kind", "amount")
    assert (used, invoice.amount_due) == (118_000, 0)
    assert list(rows) == [(first.pk, "credit", 100_000), (second.pk, "credit", 18_000)]
    assert Payment.objects.get(pk=second.pk).amount_unallocated == 12_000
    assert Receipt.objects.count() == 2
    assert InvoiceEvent.objects.filter(kind="settled").count() == 1
    assert queries.find_differences() == []


def test_credit_that_was_used_can_be_given_back(invoice, advance, manager):
    payment = advance(118_000)
    services.use_credit(invoice=invoice, at=AT, actor=manager)

    services.record_refund(
        payment=Payment.objects.get(pk=payment.pk),
        amount=118_000,
        reason="Erreur",
        reference="",
        refunded_on=timezone.localdate(AT),
        actor=manager,
        at=AT,
        idempotency_key="r1",
    )

    invoice.refresh_from_db()
    assert invoice.amount_due == 118_000
    assert queries.find_differences() == []


def test_credit_is_used_once_by_two_presses(invoice, advance, manager):
    advance(118_000)
    services.use_credit(invoice=invoice, at=AT, actor=manager)

    with pytest.raises(CannotUseCredit, match="rien à payer"):
        services.use_credit(invoice=invoice, at=AT, actor=manager)

    assert Allocation.objects.count() == 1


def test_no_credit_is_refused(invoice, rival, advance, manager):
    advance(50_000, rival)

    with pytest.raises(CannotUseCredit, match="pas d’avoir"):
        services.use_credit(invoice=invoice, at=AT, actor=manager)

    assert not Allocation.objects.exists()


def test_credit_waits_for_a_payment_under_way(invoice, advance, manager, start):
    advance(50_000)
    start(invoice)

    with pytest.raises(CannotUseCredit, match="en cours"):
        services.use_credit(invoice=invoice, at=AT, actor=manager)
    used = services.use_credit(invoice=invoice, at=AT + timedelta(days=2), actor=manager)

    assert used == 50_000


def test_credit_waits_for_a_payment_that_is_being_opened(invoice, advance, manager, start):
    advance(50_000)
    attempt = start(invoice)
    state = PaymentAttempt.State.CREATED  # between our two transactions, while we ask for a page
    PaymentAttempt.objects.filter(pk=attempt.pk).update(state=state)
    opened_at = attempt.created_at

    with pytest.raises(CannotUseCredit, match="en cours"):
        services.use_credit(invoice=invoice, at=opened_at, actor=manager)
    later = opened_at + timedelta(minutes=1)
    used = services.use_credit(invoice=invoice, at=later, actor=manager)

    assert used == 50_000


ACT = "/admin/snippets/invoicing/invoice/utiliser-avoir/{pk}/"


def test_the_team_uses_credit_from_the_page_of_the_invoice(
    invoice, advance, owner_staff, client_of
):
    advance(50_000)

    form = {"key": "a" * 32, "amount": "20 000"}
    response = client_of(owner_staff).post(ACT.format(pk=invoice.pk), form)

    invoice.refresh_from_db()
    assert response.status_code == 302
    assert invoice.amount_due == 98_000


def test_editors_use_no_credit(invoice, advance, editor, client_of):
    advance(50_000)

    response = client_of(editor).post(ACT.format(pk=invoice.pk))

    invoice.refresh_from_db()
    assert response.status_code == 302
    assert invoice.amount_due == 118_000


def test_the_client_reads_what_is_to_their_credit(invoice, advance, acme_owner, client_of):
    advance(50_000)

    page = client_of(acme_owner).get("/client/paiements/").content.decode()

    assert "Avoir disponible : 50 000 F CFA" in page.replace("\u202f", " ").replace("\u00a0", " ")
