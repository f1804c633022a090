"""The proof of the last days: what came, where it went, what the provider settled of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.urls import reverse

from billing.invoicing.models import Invoice
from billing.payments.gateways import NAMES
from billing.payments.models import PaymentAttempt
from billing.payments.queries import Difference
from core.money import format_amount

DAYS = 31


@dataclass(frozen=True)
class DayProof:
    """One day of one provider and currency, in whole units. « » is money noted by hand."""

    on: date
    provider: str
    currency: str
    ledger: int  # payments of the day
    placed: int  # on invoices, to the credit, or given back
    settled: int  # gross of the provider's settlements; the ledger for money noted by hand

    @property
    def is_right(self) -> bool:
        return self.ledger == self.placed == self.settled

    @property
    def provider_name(self) -> str:
        return NAMES.get(self.provider, self.provider)

    def amounts(self) -> list[str]:
        """Return the three sums, written out."""
        sums = (self.ledger, self.placed, self.settled)
        return [format_amount(amount, self.currency) for amount in sums]


def daily_proof(today: date) -> list[DayProof]:
    """Return the sums of the last month per day, provider and currency, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [today - timedelta(days=DAYS)])
        return [DayProof(*row) for row in cursor.fetchall()]


def link_to(difference: Difference) -> str:
    """Return the page of the row that differs, or nothing when it has none."""
    kind, _space, number = difference.row.partition(" ")
    if kind == "payment" and number.isdecimal():
        return reverse("wagtailsnippets_payments_payment:inspect", args=[number])
    if kind == "order" and number.isdecimal():
        return reverse("wagtailsnippets_payments_refundorder:inspect", args=[number])
    if kind == "declaration" and number.isdecimal():
        return reverse("wagtailsnippets_payments_transferdeclaration:inspect", args=[number])
    if invoice := Invoice.objects.filter(number=difference.row).first():
        return reverse("wagtailsnippets_invoicing_invoice:inspect", args=[invoice.pk])
    if attempt := PaymentAttempt.objects.filter(reference=difference.row).first():
        return reverse("wagtailsnippets_payments_paymentattempt:inspect", args=[attempt.pk])
    return ""


SQL = """
    SELECT p.received_on, p.provider, p.currency, sum(p.amount)::bigint,
           sum(p.amount_unallocated + coalesce(a.money, 0) + coalesce(r.given, 0))::bigint,
           sum(CASE WHEN p.provider = '' THEN p.amount ELSE coalesce(s.gross, 0) END)::bigint
    FROM payments_payment p
    LEFT JOIN (SELECT payment_id, sum(money) AS money FROM (
        SELECT payment_id, greatest(sum(amount) FILTER (
            WHERE kind NOT IN ('rounding', 'unrounding')), 0) AS money
        FROM payments_allocation GROUP BY payment_id, invoice_id) each_invoice
        GROUP BY payment_id) a ON a.payment_id = p.id
    LEFT JOIN (SELECT payment_id, sum(amount) AS given FROM payments_refund
        GROUP BY payment_id) r ON r.payment_id = p.id
    LEFT JOIN treasury_settlement s ON s.payment_id = p.id
    WHERE p.received_on > %s
    GROUP BY p.received_on, p.provider, p.currency
    ORDER BY p.received_on DESC, p.provider, p.currency
"""
