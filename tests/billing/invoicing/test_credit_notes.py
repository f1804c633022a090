"""Credit notes: the only correction, to the franc, never above what is due."""

from decimal import Decimal

import pytest

from billing.invoicing import services
from billing.invoicing.models import CreditNote, Invoice, InvoiceEvent
from core.outbox.models import OwedWork
from tests.billing.invoicing.conftest import AT, ON, make_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
VAT = Decimal("18.00")


def credit(invoice, bases=None, reason="Geste commercial"):
    return services.issue_credit_note(
        invoice=invoice, reason=reason, on=ON, at=AT, actor=None, bases=bases
    )


def issue(acme, lines, **fields):
    draft = make_draft(acme, lines=lines, **fields)
    return services.issue_invoice(invoice=draft, on=ON, at=AT, actor=None)


def test_cancelling_credits_the_whole_invoice(issued, manager):
    note = services.cancel_invoice(invoice=issued, reason="Doublon", on=ON, at=AT, actor=manager)

    invoice = Invoice.objects.get()
    assert (note.number, note.status, note.total) == ("AVO-2026-0001", "issued", 1_475_000)
    assert (invoice.status, invoice.amount_credited, invoice.amount_due) == (
        "cancelled",
        1_475_000,
        0,
    )
    assert [line.label for line in note.lines.order_by("sort_order")] == [
        "Site vitrine",
        "Hébergement",
    ]
    kinds = list(InvoiceEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["issued", "credited", "cancelled"]
    assert OwedWork.objects.filter(topic="credit_note_pdf").count() == 1


def test_vat_of_credit_notes_adds_up_to_the_franc(acme):
    invoice = issue(acme, [("A", "3", "1003", "18")])

    notes = [credit(invoice, {VAT: 1_003}) for _ in range(3)]

    assert [note.total_vat for note in notes] == [181, 180, 181]
    assert Invoice.objects.get().status == "cancelled"
    assert sum(note.total for note in notes) == invoice.total == 3_551


def test_a_part_of_one_rate_is_credited(acme):
    invoice = issue(acme, [("A", "1", "100000", "18"), ("B", "1", "50000", "9")])

    note = credit(invoice, {Decimal("9.00"): 20_000})

    fresh = Invoice.objects.get()
    assert (note.total_net, note.total_vat, note.total) == (20_000, 1_800, 21_800)
    assert [(line.label, line.net) for line in note.lines.all()] == [
        ("Avoir sur la facture FAC-2026-0001", 20_000)
    ]
    assert (fresh.status, fresh.amount_credited, fresh.amount_due) == ("issued", 21_800, 150_700)


def test_a_discounted_invoice_is_cancelled_exactly(acme):
    lines = [("A", "1", "99999", "18"), ("B", "1", "50001", "9"), ("C", "1", "10001", "0")]
    invoice = issue(acme, lines, discount_percent=Decimal(5))

    note = credit(invoice)

    assert (note.total_net, note.total_vat, note.total) == (152_001, 21_375, 173_376)
    assert sum(line.net for line in note.lines.all()) == 152_001


def test_a_rest_credited_after_a_payment_settles_the_invoice(acme):
    invoice = issue(acme, [("A", "1", "100000", "18")])
    services.apply_payment(invoice=invoice, amount=59_000, at=AT)

    credit(invoice, {VAT: 50_000})

    fresh = Invoice.objects.get()
    assert (fresh.status, fresh.amount_due, fresh.settled_at) == ("issued", 0, AT)


@pytest.mark.parametrize(
    ("bases", "message"),
    [
        ({VAT: 1_250_001}, "dépasse"),
        ({VAT: 0}, "rien à créditer"),
        ({VAT: -1}, "dépasse"),
        ({Decimal("9.00"): 1}, "à ce taux"),
        ({}, "rien à créditer"),
    ],
)
def test_a_wrong_sum_is_refused(issued, bases, message):
    with pytest.raises(services.CannotCredit, match=message):
        credit(issued, bases)

    assert not CreditNote.objects.exists()
    assert Invoice.objects.get().amount_credited == 0


def test_money_received_is_given_back_first(issued):
    services.apply_payment(invoice=issued, amount=1, at=AT)

    with pytest.raises(services.CannotCredit, match="remboursez"):
        credit(issued)

    assert not CreditNote.objects.exists()
    assert Invoice.objects.get().status == "issued"


def test_a_credit_note_says_why(issued):
    with pytest.raises(services.CannotCredit, match="motif"):
        credit(issued, reason="   ")

    assert not CreditNote.objects.exists()


def test_a_draft_or_cancelled_invoice_is_not_credited(draft, acme):
    cancelled = issue(acme, [("A", "1", "1000", "18")])
    credit(cancelled)

    for invoice in (draft, cancelled):
        with pytest.raises(services.CannotCredit, match="facture émise"):
            credit(invoice)

    assert CreditNote.objects.count() == 1
