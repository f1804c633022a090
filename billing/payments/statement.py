"""The statement of account of a client: what was invoiced, credited, paid and given back.

Amounts are whole units of one currency. What raises what the client owes is positive. The closing
balance on today is what is due on invoices less what is to the client's credit, to the unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing.models import Adjustment, CreditNote, Invoice
from billing.invoicing.queries import HEAVY
from billing.payments.models import Allocation, Payment, Refund

INVOICE, NOTE, PAYMENT, REFUND, ROUNDING = "invoice", "note", "payment", "refund", "rounding"
ADJUSTMENT = "adjustment"
ORDER = (INVOICE, NOTE, PAYMENT, ROUNDING, ADJUSTMENT, REFUND)  # within one day
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


@dataclass(frozen=True)
class Books:
    """The rows a client's statements are made of, in every currency."""

    invoices: list[Invoice]
    notes: list[CreditNote]
    payments: list[Payment]
    refunds: list[Refund]
    adjustments: list[Adjustment]  # what was withheld, given up, or made of an exchange rate
    roundings: list[Allocation]  # all allocations of the payments that wrote a rounding off

    def currencies(self, default: str) -> list[str]:
        """Return the currencies of the rows; the client's own comes first, even without one."""
        found = {row.currency for row in (*self.invoices, *self.payments)}
        return [default, *sorted(found - {default})]


def read_books(client_id: int) -> Books:
    """Read everything that moves the account of a client."""
    mine = {"client_id": client_id}
    number = F("payment__receipt__number")
    payments = list(
        Payment.objects.filter(**mine).annotate(number=F("receipt__number")).order_by("pk")
    )
    has_roundings = any(payment.provider for payment in payments)  # no other money is rounded
    return Books(
        invoices=list(
            Invoice.objects.filter(~Q(status=Invoice.Status.DRAFT), **mine).defer(*HEAVY)
        ),
        notes=list(
            CreditNote.objects.filter(status=CreditNote.Status.ISSUED, **mine)
            .annotate(invoice_number=F("invoice__number"))
            .defer(*HEAVY)
        ),
        payments=payments,
        refunds=list(Refund.objects.filter(**mine).annotate(number=number)),
        adjustments=list(
            Adjustment.objects.filter(**mine).annotate(
                currency=F("invoice__currency"), number=F("invoice__number")
            )
        ),
        roundings=_read_roundings(client_id) if has_roundings else [],
    )


def _read_roundings(client_id: int) -> list[Allocation]:
    rounded = Allocation.objects.filter(client_id=client_id, kind=Allocation.Kind.ROUNDING)
    rows = Allocation.objects.filter(payment_id__in=rounded.values("payment_id"))
    return list(rows.select_related("payment__receipt").order_by("pk"))


def make_statement(
    books: Books, *, currency: str, start: date, end: date, today: date
) -> Statement:
    """Make the statement of a client in one currency, from `start` to `end` included."""
    entries = sorted(
        (entry for entry in _movements(books, currency) if entry.on <= end),
        key=lambda entry: (entry.on, ORDER.index(entry.kind), entry.number),
    )
    opening = sum(entry.amount for entry in entries if entry.on < start)
    return Statement(
        currency=currency,
        start=start,
        end=end,
        opening=opening,
        entries=tuple(_running((entry for entry in entries if entry.on >= start), opening)),
        ages=_ages(books, currency, today),
        credit=sum(row.amount_unallocated for row in books.payments if row.currency == currency),
        today=today,
    )


def _running(entries: Iterable[Entry], balance: int) -> Iterator[Entry]:
    for entry in entries:
        balance += entry.amount
        yield Entry(entry.on, entry.kind, entry.number, entry.label, entry.amount, balance)


def _movements(books: Books, currency: str) -> Iterator[Entry]:
    """Give every movement in a currency, in no order."""
    for invoice in books.invoices:
        if invoice.currency == currency and invoice.issue_date:
            asked = invoice.amount_asked
            yield Entry(invoice.issue_date, INVOICE, invoice.number, invoice.subject, asked)
    for note in books.notes:
        if note.currency == currency and note.issue_date:
            label = _("Avoir sur la facture %(number)s") % {"number": note.invoice_number}
            credited = note.total + note.total_added
            yield Entry(note.issue_date, NOTE, note.number, label, -credited)
    for payment in books.payments:
        if payment.currency == currency:
            yield _payment(payment)
    for refund in books.refunds:
        if refund.currency == currency:
            label = refund.get_kind_display()
            yield Entry(refund.refunded_on, REFUND, refund.number or "", label, refund.amount)
    for row in books.adjustments:
        if row.currency == currency:
            yield _adjustment(row)
    yield from _roundings(books, currency)


def _adjustment(row: Adjustment) -> Entry:
    label = _("%(what)s, facture %(number)s") % {
        "what": row.get_kind_display(),
        "number": row.number,
    }
    return Entry(row.dated_on, ADJUSTMENT, row.number, label, -row.amount)


def _payment(payment: Payment) -> Entry:
    channel = payment.channel or payment.get_method_display()
    label = _("Paiement, %(channel)s") % {"channel": channel}
    return Entry(payment.received_on, PAYMENT, payment.number or "", label, -payment.amount)


def _roundings(books: Books, currency: str) -> Iterator[Entry]:
    """Give the francs written off with a payment, and back again when all of it was returned."""
    pairs: dict[tuple[int, int], list[Allocation]] = {}
    for row in books.roundings:
        if row.payment.currency == currency:
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
    undone = [row for row in allocations if row.kind == Allocation.Kind.UNROUNDING]
    if undone or sum(row.amount for row in allocations) == 0:
        on = timezone.localdate((undone or allocations)[-1].created_at)
        yield Entry(on, ROUNDING, number, _("Arrondi repris"), amount)


def _ages(books: Books, currency: str, today: date) -> tuple[Age, ...]:
    sums = [0] * (len(BOUNDS) + 1)
    for invoice in books.invoices:
        if invoice.currency == currency:
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
