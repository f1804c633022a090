"""Invoices and payments on days of their own, so that figures can be worked by hand."""

from datetime import date

import pytest
from django.db.models import F

from billing.analytics.choice import moment
from billing.invoicing.models import Invoice
from billing.payments.models import Allocation, Payment
from core import rls


@pytest.fixture
def bill(acme, make_invoice):
    """Return a function that issues an invoice without VAT on a day, due on another."""

    def make(gross, issued, due, *, client=acme, **fields):
        invoice = make_invoice(client, net=gross, vat=0, **fields)
        number = f"FAC-2026-9{invoice.pk:06d}"
        with rls.staff("test world"):
            Invoice.objects.filter(pk=invoice.pk).update(
                number=number, status="issued", issue_date=issued, issued_at=moment(issued),
                due_date=due,
            )  # fmt: skip
            invoice.refresh_from_db()
        return invoice

    return make


@pytest.fixture
def pay(company):
    """Return a function that pays an invoice on a day; a provider makes it online."""

    def make(invoice, amount, on: date, *, provider="", **fields):
        with rls.staff("test world"):
            payment = Payment.objects.create(
                company=company,
                client=invoice.client,
                method="mobile_money" if provider else "transfer",
                provider=provider,
                provider_reference=f"T{invoice.pk}-{on}" if provider else "",
                amount=amount,
                currency=invoice.currency,
                received_on=on,
                recorded_at=moment(on),
                **fields,
            )
            Allocation.objects.create(
                client=invoice.client,
                payment=payment,
                invoice=invoice,
                amount=amount,
                created_at=moment(on),
            )
            rows = Invoice.objects.filter(pk=invoice.pk)
            rows.update(amount_paid=F("amount_paid") + amount)
            rows.filter(amount_paid=F("total")).update(settled_at=moment(on))
            invoice.refresh_from_db()
        return payment

    return make
