"""Reads of papers: lists for the client, what waits for them, figures for the team."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, DateField, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from billing.invoicing.models import Invoice, InvoiceEvent, Quote
from billing.invoicing.models.invoices import LEFT
from core.once import known, once

HEAVY = ("seller", "buyer", "vat_groups", "notes", "search_norm", "search_vector")
MOST_WAITING = 500  # more than that many papers wait for nobody on one page

UNPAID = LEFT - F("amount_paid")
OPEN = Q(status=Invoice.Status.ISSUED, settled_at=None, amount_paid__lt=LEFT)


@dataclass(frozen=True)
class Outstanding:
    """How many invoices, and how much of them is left to pay, in units of one currency."""

    count: int
    amount: int
    currency: str


@dataclass(frozen=True)
class DueSum:
    """What a person has to pay, and how much of it is late, in units of one currency."""

    currency: str
    due: int
    late: int


def due_sums(due: list[Invoice], today: date) -> list[DueSum]:
    """Add up unpaid invoices per currency, the largest sum first."""
    sums: dict[str, list[int]] = {}
    for invoice in due:
        found = sums.setdefault(invoice.currency, [0, 0])
        found[0] += invoice.amount_due
        found[1] += invoice.amount_due if invoice.is_overdue(today) else 0
    rows = [DueSum(currency, *found) for currency, found in sums.items()]
    return sorted(rows, key=lambda row: -row.due)


def due_first(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Put what is left to pay first, most pressing on top; then the rest, newest first."""
    return invoices.defer(*HEAVY).order_by(
        Case(When(OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()),
        Case(When(OPEN, then=F("due_date")), output_field=DateField()).asc(nulls_last=True),
        "-issue_date",
        "-pk",
    )


def due_invoices(request: HttpRequest) -> list[Invoice]:
    """Return what the person has to pay, most pressing first. Read once per request."""
    return once(request, "due-invoices", lambda: _read_due_invoices(request.user))


def due_count(request: HttpRequest) -> int | QuerySet[Invoice]:
    """Return how many invoices the person has to pay, or the rows to count."""
    read = known(request, "due-invoices")
    return Invoice.objects.visible_to(request.user).unpaid() if read is None else len(read)


def open_quotes(request: HttpRequest) -> list[Quote]:
    """Return the quotes that wait for the person’s answer. Read once per request."""
    return once(request, "open-quotes", lambda: _read_open_quotes(request.user))


def recent_events(user: Any, limit: int = 10) -> QuerySet[InvoiceEvent]:
    """Return what happened lately to the invoices a person may see, newest first."""
    shown = (
        InvoiceEvent.Kind.ISSUED,
        InvoiceEvent.Kind.PAYMENT,
        InvoiceEvent.Kind.SETTLED,
        InvoiceEvent.Kind.CREDITED,
    )
    events = InvoiceEvent.objects.visible_to(user).filter(kind__in=shown)
    return events.select_related("invoice", "actor").order_by("-happened_at", "-pk")[:limit]


def outstanding(invoices: QuerySet[Invoice]) -> list[Outstanding]:
    """Add up what is left to pay, per currency, the largest sum first."""
    rows = (
        invoices.unpaid()
        .order_by()
        .values("currency")
        .annotate(count=Count("pk"), amount=Coalesce(Sum(UNPAID), Value(0)))
        .order_by("-amount")
    )
    return [Outstanding(row["count"], row["amount"], row["currency"]) for row in rows]


def outstanding_and_late(today: date) -> tuple[list[Outstanding], list[Outstanding]]:
    """Add up, in one query, all that is left to pay and what of it is late, per currency."""
    late = Q(due_date__lt=today)
    rows = (
        Invoice.objects.unpaid()
        .order_by()
        .values("currency")
        .annotate(
            count=Count("pk"),
            amount=Coalesce(Sum(UNPAID), Value(0)),
            late_count=Count("pk", filter=late),
            late_amount=Coalesce(Sum(UNPAID, filter=late), Value(0)),
        )
        .order_by("-amount")
    )
    found = list(rows)
    due = [Outstanding(row["count"], row["amount"], row["currency"]) for row in found]
    late_rows = sorted((row for row in found if row["late_count"]), key=_late, reverse=True)
    return due, [
        Outstanding(row["late_count"], row["late_amount"], row["currency"]) for row in late_rows
    ]


def _late(row: dict[str, Any]) -> int:
    return int(row["late_amount"])


def _read_due_invoices(user: Any) -> list[Invoice]:
    rows = Invoice.objects.visible_to(user).unpaid().defer(*HEAVY)
    return list(rows.order_by(F("due_date").asc(nulls_last=True), "pk")[:MOST_WAITING])


def _read_open_quotes(user: Any) -> list[Quote]:
    rows = Quote.objects.visible_to(user).open_on(timezone.localdate()).defer(*HEAVY)
    return list(rows.order_by(F("valid_until").asc(nulls_last=True), "pk")[:MOST_WAITING])
