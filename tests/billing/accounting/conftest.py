"""An issued invoice and its books."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing.accounting.services import ensure_books
from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.services import issue_invoice, save_totals
from billing.payments.services import record_payment
from tests.conftest import AT, DUE, ON


@pytest.fixture
def issue(company, acme, manager, team):
    """Return a function that issues an invoice of some HT at 18 %, by default to Acme."""

    def make(net=100_000, client=acme, on=ON, **fields):
        invoice = Invoice.objects.create(
            company=company, client=client, subject="Site", due_date=DUE, **fields
        )
        InvoiceLine.objects.create(
            invoice=invoice, label="Site", unit_price=Decimal(net), vat_rate=Decimal(18)
        )
        save_totals(paper=invoice)
        at = AT - (ON - on)
        return issue_invoice(invoice=invoice, on=on, at=at, actor=manager)

    return make


@pytest.fixture
def pay(manager, team):
    """Return a function that records a transfer for an invoice, a minute later each time."""
    minutes = iter(range(1, 60))

    def record(invoice, amount, on=ON, method="transfer"):
        return record_payment(
            client=invoice.client,
            invoice=invoice,
            amount=amount,
            method=method,
            reference="",
            received_on=on,
            actor=manager,
            at=AT + timedelta(minutes=next(minutes)),
        )

    return record


@pytest.fixture
def books(company, team):
    """The books of our company."""
    return ensure_books(company=company)
