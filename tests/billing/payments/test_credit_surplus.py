"""A credit note on what was paid puts the surplus to the client's credit, and all reconciles."""

import pytest

from billing.invoicing import services
from billing.invoicing.models import Invoice
from billing.payments.models import Allocation, Payment
from billing.payments.queries import client_credit, find_differences
from billing.payments.services.ledger import write_payment
from tests.billing.invoicing.conftest import AT, ON, make_issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


def pay(invoice, amount, manager):
    payment = Payment(
        company=invoice.company,
        client=invoice.client,
        method="transfer",
        amount=amount,
        currency=invoice.currency,
        received_on=ON,
        recorded_at=AT,
        recorded_by=manager,
    )
    return write_payment(payment=payment, invoice=invoice, at=AT, actor=manager).payment


def credit(invoice, manager, **part):
    return services.issue_credit_note(
        invoice=invoice, reason="Geste", on=ON, at=AT, actor=manager, **part
    )


def test_cancelling_a_paid_invoice_gives_the_client_a_credit(acme, manager):
    invoice = make_issued(acme)
    pay(invoice, 1_475_000, manager)

    credit(invoice, manager)

    fresh = Invoice.objects.get()
    assert (fresh.status, fresh.amount_paid, fresh.amount_credited) == ("cancelled", 0, 1_475_000)
    assert client_credit(acme.pk, "XOF") == 1_475_000
    assert sum(Allocation.objects.values_list("amount", flat=True)) == 0
    assert find_differences() == []


def test_only_what_is_paid_too_much_is_freed_the_newest_money_first(acme, manager):
    invoice = make_issued(acme)
    first, second = pay(invoice, 1_000_000, manager), pay(invoice, 400_000, manager)

    credit(invoice, manager, bases={invoice_rate(invoice): 250_000})

    fresh = Invoice.objects.get()
    for payment in (first, second):
        payment.refresh_from_db()
    assert (first.amount_unallocated, second.amount_unallocated) == (0, 220_000)
    assert (fresh.amount_due, fresh.amount_paid, fresh.settled_at) == (0, 1_180_000, AT)
    assert find_differences() == []


def invoice_rate(invoice):
    return invoice.lines.first().vat_rate
