"""Money over several invoices, taken off them again, proofs, cheques, and what is refused."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from billing.payments import queries, services
from billing.payments.models import Allocation, Payment, Refund
from billing.payments.sharing import spread
from billing.payments.statement import make_statement, read_books
from tests.billing.payments.test_race import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


@pytest.fixture
def two(acme, make_invoice):
    """Two invoices of Acme: 118 000 and 59 000 francs."""
    first = make_invoice(acme, "FAC-2026-0001")
    return first, make_invoice(acme, "FAC-2026-0002", net=50_000, vat=9_000)


@pytest.fixture
def receive(acme, owner_staff, now):
    """Return a function that writes money of Acme down."""

    def write(amount, invoice=None, **fields):
        values = {
            "client": acme,
            "invoice": invoice,
            "amount": amount,
            "method": "transfer",
            "received_on": now.date(),
            "actor": owner_staff,
            "at": now,
        }
        return services.record_payment(**{**values, **fields})

    return write


def balanced(client, today):
    """Tell that the books hold, and that the account of the client is what is due less credit."""
    assert queries.find_differences() == []
    books = read_books(client.pk)
    statement = make_statement(books, currency="XOF", start=today, end=today, today=today)
    return statement.due - statement.credit == statement.closing


def test_the_oldest_invoices_are_served_first_and_the_rest_is_left():
    assert spread(150, [("a", 100), ("b", 80), ("c", 5)]) == {"a": 100, "b": 50}
    assert spread(200, [("a", 100), ("b", 80)]) == {"a": 100, "b": 80}
    assert spread(0, [("a", 100)]) == {}


def test_one_payment_settles_two_invoices_and_leaves_the_rest_to_credit(acme, two, receive, now):
    first, second = two

    payment = receive(180_000, shares={first.pk: 118_000, second.pk: 59_000})

    for invoice in two:
        invoice.refresh_from_db()
    assert [invoice.amount_due for invoice in two] == [0, 0]
    assert payment.amount_unallocated == 3_000
    assert payment.receipt.balance_left == 0
    assert balanced(acme, now.date())


@pytest.mark.parametrize("parts", [(118_000, 60_000), (118_001, 0), (-5, 10)])
def test_parts_that_cannot_be_are_refused_and_nothing_is_kept(two, receive, parts):
    shares = {invoice.pk: part for invoice, part in zip(two, parts, strict=True)}

    with pytest.raises(services.CannotRecord):
        receive(177_000, shares=shares)

    two[0].refresh_from_db()
    assert (Payment.objects.count(), two[0].amount_paid) == (0, 0)


def test_a_reference_counts_once_however_it_is_typed(two, receive):
    first = receive(1_000, two[0], slip=services.Slip(reference="VIR 2026/118"))

    with pytest.raises(services.ReferenceUsed) as refusal:
        receive(1_000, two[1], slip=services.Slip(reference="vir-2026-118"))

    assert refusal.value.payment == first
    assert Payment.objects.count() == 1


def test_credit_goes_to_a_chosen_invoice_for_a_chosen_amount(acme, two, receive, owner_staff, now):
    receive(50_000)

    services.use_credit(invoice=two[1], amount=20_000, at=now, actor=owner_staff)

    two[1].refresh_from_db()
    assert two[1].amount_due == 39_000
    assert queries.client_credit(acme.pk, "XOF") == 30_000
    with pytest.raises(services.CannotUseCredit):
        services.use_credit(invoice=two[1], amount=30_001, at=now, actor=owner_staff)
    assert balanced(acme, now.date())


def test_money_leaves_an_invoice_by_a_negative_row_with_its_reason(
    acme, two, receive, owner_staff, now
):
    payment = receive(118_000, two[0])

    services.release_allocation(
        payment=payment,
        invoice=two[0],
        amount=18_000,
        reason="Payé pour une autre",
        at=now,
        actor=owner_staff,
    )

    two[0].refresh_from_db()
    payment.refresh_from_db()
    assert (two[0].amount_due, payment.amount_unallocated) == (18_000, 18_000)
    row = Allocation.objects.get(kind="release")
    assert (row.amount, row.reason) == (-18_000, "Payé pour une autre")
    assert balanced(acme, now.date())
    with pytest.raises(services.CannotRelease):
        services.release_allocation(
            payment=payment, invoice=two[0], amount=100_001, reason="x", at=now, actor=owner_staff
        )


def test_a_bounced_cheque_makes_its_invoices_due_again(acme, two, receive, owner_staff, now):
    shares = {two[0].pk: 118_000, two[1].pk: 2_000}
    payment = receive(120_000, method="cheque", shares=shares)
    move = {"payment": payment, "on": now.date(), "actor": owner_staff, "at": now}
    services.move_cheque(state="deposited", **move)
    with pytest.raises(services.CannotRefund):
        services.move_cheque(state="bounced", **move)

    services.move_cheque(state="bounced", reason="Sans provision", **move)
    services.move_cheque(state="bounced", reason="Sans provision", **move)

    for invoice in two:
        invoice.refresh_from_db()
    assert [invoice.amount_due for invoice in two] == [118_000, 59_000]
    assert Refund.objects.get().kind == "reversal"
    assert balanced(acme, now.date())


def test_a_refund_with_a_credit_note_asks_nothing_again(acme, two, receive, owner_staff, now):
    payment = receive(118_000, two[0])

    refund = services.record_refund(
        payment=payment,
        amount=17_777,
        reason="Remise accordée",
        reference="",
        refunded_on=now.date(),
        actor=owner_staff,
        at=now,
        idempotency_key="r",
        with_credit_note=True,
    )

    two[0].refresh_from_db()
    assert refund.credit_note.total in (17_776, 17_777)
    assert two[0].amount_due == 17_777 - refund.credit_note.total
    assert balanced(acme, now.date())


def test_a_whole_refund_with_a_credit_note_cancels_the_invoice(two, receive, owner_staff, now):
    payment = receive(118_000, two[0])

    services.record_refund(
        payment=payment,
        amount=118_000,
        reason="Projet arrêté",
        reference="",
        refunded_on=now.date(),
        actor=owner_staff,
        at=now,
        idempotency_key="r",
        with_credit_note=True,
    )

    two[0].refresh_from_db()
    assert (two[0].status, two[0].amount_due) == ("cancelled", 0)


@pytest.mark.django_db(transaction=True)
def test_eight_refunds_and_releases_at_once_never_take_more_than_came(
    acme, two, receive, owner_staff, now
):
    with transaction.atomic():
        payment = receive(118_000, two[0])

    def give(key):
        return services.record_refund(
            payment=payment,
            amount=30_000,
            reason="x",
            reference="",
            refunded_on=now.date(),
            actor=owner_staff,
            at=now,
            idempotency_key=key,
        ).amount

    def release():
        return services.release_allocation(
            payment=payment, invoice=two[0], amount=60_000, reason="x", at=now, actor=owner_staff
        )

    told = at_once(*[lambda key=str(n): give(key) for n in range(6)], release, release)

    given = sum(each for each in told[:6] if isinstance(each, int))
    assert given == 90_000
    assert sum(Refund.objects.values_list("amount", flat=True)) == given
    assert balanced(acme, now.date())


def test_the_team_records_one_payment_for_several_invoices(client_of, manager, acme, two):
    url = reverse("wagtailsnippets_accounts_client:enregistrer-paiement", args=[acme.pk])
    form = {
        "key": "d" * 32,
        "amount": "150 000",
        "currency": "XOF",
        "method": "transfer",
        "spread": "oldest",
        "received_on": "2026-11-20",
    }

    browser = client_of(manager)
    page = browser.get(url)
    answer = browser.post(url, form)

    assert (page.status_code, answer.status_code) == (200, 302)
    assert sorted(Allocation.objects.values_list("amount", flat=True)) == [32_000, 118_000]


def test_a_used_reference_is_refused_with_a_link_and_what_was_typed(
    client_of, manager, two, receive
):
    first = receive(1_000, two[0], slip=services.Slip(reference="VIR-9"))
    url = reverse("wagtailsnippets_invoicing_invoice:enregistrer-paiement", args=[two[0].pk])
    form = {"key": "e" * 32, "amount": "5 000", "method": "transfer", "reference": "VIR 9"}

    page = client_of(manager).post(url, {**form, "received_on": "2026-11-20"}).content.decode()

    assert reverse("wagtailsnippets_payments_payment:inspect", args=[first.pk]) in page
    assert 'value="5 000"' in page
    assert Payment.objects.count() == 1


def test_the_journal_adds_up_what_is_filtered(client_of, manager, two, receive):
    receive(10_000, two[0])
    receive(20_000, two[1], method="cash")
    url = reverse("wagtailsnippets_payments_payment:list")

    page = client_of(manager).get(url, {"method": "cash", "least": "15 000"}).content.decode()

    assert "20\u202f000\u00a0F\u00a0CFA" in page
    assert "30\u202f000\u00a0F\u00a0CFA" not in page


def test_a_date_to_come_is_refused(two, receive, now):
    with pytest.raises(services.CannotRecord):
        receive(1_000, two[0], received_on=now.date() + timedelta(days=1))

    assert not Payment.objects.exists()
