"""The statement of account of a client: what was invoiced, credited, paid and given back.

Amounts are whole units of one currency. What raises what the client owes is positive. The closing
balance on today is what is due on invoices less what is to the client's credit, to the unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing.models import CreditNote, Invoice
from billing.payments.models import Allocation, Payment, Refund

INVOICE, NOTE, PAYMENT, REFUND, ROUNDING = "invoice", "note", "payment", "refund", "rounding"
ORDER = (INVOICE, NOTE, PAYMENT, ROUNDING, REFUND)  # within one day
BOUNDS = (0, 30, 60, 90)  # days past due


@dataclass(frozen=True)
class Entry:
    """One movement. `amount` is positive when the client owes more by it."""

    on: date
    kind: str
    number: str
    label: str
    amount: int
    balance: int = 0

    @property
    def debit(self) -> int:
        """What the client owes more, 0 otherwise."""
        return max(self.amount, 0)

    @property
    def credit(self) -> int:
        """What the client owes less, 0 otherwise."""
        return max(-self.amount, 0)


@dataclass(frozen=True)
class Age:
    """What is left to pay of invoices that are late by so many days."""

    label: str
    amount: int


@dataclass(frozen=True)
class Statement:
    """A client's account over a period, both days included."""

    currency: str
    start: date
    end: date
    opening: int
    entries: tuple[Entry, ...]
    ages: tuple[Age, ...]
    credit: int  # paid ahead, today
    today: date

    @property
    def closing(self) -> int:
        """The balance at the end of the last day."""
        return self.entries[-1].balance if self.entries else self.opening

    @property
    def invoiced(self) -> int:
        """Everything that raised the balance in the period."""
        return sum(entry.debit for entry in self.entries)

    @property
    def settled(self) -> int:
        """Everything that lowered it."""
        return sum(entry.credit for entry in self.entries)

    @property
    def due(self) -> int:
        """What is left to pay on invoices, today."""
        return sum(age.amount for age in self.ages)


def currencies_of(client_id: int, default: str) -> list[str]:
    """Return the currencies of a client's papers and payments; the client's own comes first."""
    found = {default}
    for model in (Invoice, Payment):
        rows = model.objects.filter(client_id=client_id).order_by().values_list("currency")
        found |= {row[0] for row in rows.distinct()}
    return [default, *sorted(found - {default})]


def make_statement(
    *, client_id: int, currency: str, start: date, end: date, today: date
) -> Statement:
    """Make the statement of a client in one currency, from `start` to `end` included."""
    entries = sorted(
        (entry for entry in _movements(client_id, currency) if entry.on <= end),
        key=lambda entry: (entry.on, ORDER.index(entry.kind), entry.number),
    )
    opening = sum(entry.amount for entry in entries if entry.on < start)
    return Statement(
        currency=currency,
        start=start,
        end=end,
        opening=opening,
        entries=tuple(_running((entry for entry in entries if entry.on >= start), opening)),
        ages=_ages(client_id, currency, today),
        credit=_credit(client_id, currency),
        today=today,
    )


def _running(entries: Iterable[Entry], balance: int) -> Iterator[Entry]:
    for entry in entries:
        balance += entry.amount
        yield Entry(entry.on, entry.kind, entry.number, entry.label, entry.amount, balance)


def _movements(client_id: int, currency: str) -> Iterator[Entry]:
    mine = {"client_id": client_id, "currency": currency}
    yield from _invoices(mine)
    yield from _notes(mine)
    yield from _payments(mine)
    yield from _refunds(mine)
    yield from _roundings(mine)


def _invoices(mine: dict) -> Iterator[Entry]:
    rows = Invoice.objects.filter(~Q(status=Invoice.Status.DRAFT), **mine)
    for on, number, subject, total in rows.values_list("issue_date", "number", "subject", "total"):
        yield Entry(on, INVOICE, number, subject, total)


def _notes(mine: dict) -> Iterator[Entry]:
    rows = CreditNote.objects.filter(status=CreditNote.Status.ISSUED, **mine)
    for on, number, invoice, total in rows.values_list(
        "issue_date", "number", "invoice__number", "total"
    ):
        label = _("Avoir sur la facture %(number)s") % {"number": invoice}
        yield Entry(on, NOTE, number, label, -total)


def _payments(mine: dict) -> Iterator[Entry]:
    rows = Payment.objects.filter(**mine).annotate(number=F("receipt__number")).order_by("pk")
    for payment in rows:
        channel = payment.channel or payment.get_method_display()
        label = _("Paiement, %(channel)s") % {"channel": channel}
        yield Entry(payment.received_on, PAYMENT, payment.number or "", label, -payment.amount)


def _refunds(mine: dict) -> Iterator[Entry]:
    rows = Refund.objects.filter(**mine)
    for on, number, amount in rows.values_list("refunded_on", "payment__receipt__number", "amount"):
        yield Entry(on, REFUND, number or "", _("Remboursement"), amount)


def _roundings(mine: dict) -> Iterator[Entry]:
    """Give the francs written off with a payment, and back again when all of it was returned."""
    filters = {f"payment__{name}": value for name, value in mine.items()}
    pairs: dict[tuple[int, int], list[Allocation]] = {}
    rows = Allocation.objects.filter(
        payment_id__in=Allocation.objects.filter(kind=Allocation.Kind.ROUNDING, **filters).values(
            "payment_id"
        )
    )
    for row in rows.select_related("payment__receipt").order_by("pk"):
        pairs.setdefault((row.payment_id, row.invoice_id), []).append(row)
    for allocations in pairs.values():
        yield from _rounding_of(allocations)


def _rounding_of(allocations: list[Allocation]) -> Iterator[Entry]:
    written_off = [row for row in allocations if row.kind == Allocation.Kind.ROUNDING]
    if not written_off:
        return
    payment, amount = written_off[0].payment, sum(row.amount for row in written_off)
    number, label = payment.receipt.number, _("Arrondi en votre faveur")
    yield Entry(payment.received_on, ROUNDING, number, label, -amount)
    if sum(row.amount for row in allocations) == 0:
        on = timezone.localdate(allocations[-1].created_at)
        yield Entry(on, ROUNDING, number, _("Arrondi repris"), amount)


def _ages(client_id: int, currency: str, today: date) -> tuple[Age, ...]:
    sums = [0] * (len(BOUNDS) + 1)
    rows = Invoice.objects.filter(client_id=client_id, currency=currency).unpaid()
    for invoice in rows.only("status", "total", "amount_paid", "amount_credited", "due_date"):
        late = (today - invoice.due_date).days if invoice.due_date else 0
        sums[sum(late > bound for bound in BOUNDS)] += invoice.amount_due
    labels = (
        _("À échoir"),
        _("1 à 30 jours de retard"),
        _("31 à 60 jours"),
        _("61 à 90 jours"),
        _("Plus de 90 jours"),
    )
    return tuple(Age(str(label), amount) for label, amount in zip(labels, sums, strict=True))


def _credit(client_id: int, currency: str) -> int:
    rows = Payment.objects.filter(client_id=client_id, currency=currency)
    return rows.aggregate(sum=Sum("amount_unallocated"))["sum"] or 0


def default_period(today: date) -> tuple[date, date]:
    """Return the period shown first: from the first of January to today."""
    return date(today.year, 1, 1), today


def periods(today: date) -> list[tuple[str, str, date, date]]:
    """Return the periods offered: a key, a label, the first and the last day."""
    first = today.replace(day=1)
    last_month = first - timedelta(days=1)
    return [
        ("mois", _("Ce mois"), first, today),
        ("mois-dernier", _("Le mois dernier"), last_month.replace(day=1), last_month),
        ("annee", _("Cette année"), *default_period(today)),
        (
            "annee-derniere",
            _("L’année dernière"),
            date(today.year - 1, 1, 1),
            date(today.year - 1, 12, 31),
        ),
    ]
