"""Posting: one entry for each thing that happened, once, however often and wherever it runs.

Facts are read and turned into sheets outside any lock; a chunk is then written under the lock of
the books, which leaves out what was written meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from billing.accounting import deriving, reading
from billing.accounting.chart import Chart
from billing.accounting.charts import chart_of
from billing.accounting.models import Books, EntryLine, JournalEntry
from billing.accounting.services.books import ensure_books
from billing.accounting.services.lettering import letter_settled
from billing.accounting.sheets import CannotDerive, Sheet
from billing.invoicing.models import Adjustment, CreditNote, Invoice
from billing.payments.models import Allocation, Payment, Refund
from core import hooks, rls
from core.accounts.models import Company, User
from core.audit.log import record

CHUNK = 500
Kind = JournalEntry.Kind


@dataclass(frozen=True)
class Problem:
    """A fact that no entry could be made of."""

    kind: str
    source_id: int
    text: str


@dataclass
class Posted:
    """What a run wrote, and what it could not."""

    entries: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """Where facts of one kind come from, and how they become sheets."""

    kind: str
    rows: Callable[[Books], QuerySet]
    facts: Callable[[Sequence[Any]], Iterable[Any]]
    derive: Callable[[Any, Chart], Sheet]


def post_entries(*, company: Company, at: datetime) -> Posted:
    """Post everything that happened and is not in the books yet, then letter what is settled.

    Safe to run twice, by two workers at once, or after a week without.
    """
    posted = Posted()
    with rls.staff("accounting: entries of every client"):
        books = ensure_books(company=company)
        chart = chart_of(books)
        for source in SOURCES:
            for rows in _chunks(unposted(source.kind, source.rows(books))):
                sheets = _derive(source, rows, chart, posted)
                posted.entries += _write(books, sheets, at)
        posted.entries += _post_cash(books, chart, posted, at)
        letter_settled(books=books)
    return posted


@transaction.atomic
def rebuild_drafts(*, company: Company, actor: User, at: datetime) -> Posted:
    """Throw drafts away and post them again, with the accounts as they are set now."""
    with rls.staff("accounting: entries of every client"):
        books = _locked(ensure_books(company=company))
        drafts = JournalEntry.objects.filter(books=books, number=None)
        gone = drafts.count()
        EntryLine.objects.filter(entry__in=drafts).delete()
        drafts.delete()
        posted = post_entries(company=company, at=at)
        record("entries_rebuilt", books, actor=actor, before=gone, after=posted.entries)
    return posted


def unposted(kind: str, rows: QuerySet) -> QuerySet:
    """Keep the rows that the books hold no entry of this kind for."""
    mine = JournalEntry.objects.filter(kind=kind, source_id=OuterRef("pk"))
    return rows.filter(~Exists(mine))


def _chunks(rows: QuerySet) -> Iterator[list[Any]]:
    """Go through rows by key, so that what cannot be posted does not come back."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def _derive(source: Source, rows: list[Any], chart: Chart, posted: Posted) -> list[Sheet]:
    sheets = []
    for fact in source.facts(rows):
        try:
            sheets.append(source.derive(fact, chart))
        except CannotDerive as refusal:
            posted.problems.append(Problem(source.kind, fact.id, str(refusal)))
    return sheets


def _post_cash(books: Books, chart: Chart, posted: Posted, at: datetime) -> int:
    """Post fees, payouts and cheques, as long as there are new ones."""
    entries, seen = 0, set()
    while True:
        told = {(move.kind, move.id): move for move in hooks.cash_moves(books.company, unposted)}
        fresh = [move for key, move in told.items() if key not in seen]
        if not fresh:
            return entries
        seen |= {(move.kind, move.id) for move in fresh}
        sheets = []
        for move in fresh:
            if books.starts_on and move.on < books.starts_on:
                continue
            try:
                sheets += deriving.derive_cash_move(move, chart)
            except CannotDerive as refusal:
                posted.problems.append(Problem(move.kind, move.id, str(refusal)))
        entries += _write(books, sheets, at)


@transaction.atomic
def _write(books: Books, sheets: Sequence[Sheet], at: datetime) -> int:
    """Keep sheets that are not there yet; return how many."""
    if not sheets:
        return 0
    books = _locked(books)
    there = set(
        JournalEntry.objects.filter(
            kind__in={sheet.kind for sheet in sheets},
            source_id__in=[sheet.source_id for sheet in sheets],
        ).values_list("kind", "source_id")
    )
    fresh = [sheet for sheet in sheets if (sheet.kind, sheet.source_id) not in there]
    fresh = [sheet for sheet in fresh if sheet.total]
    entries = JournalEntry.objects.bulk_create(_entry(books, sheet, at) for sheet in fresh)
    pairs = zip(entries, fresh, strict=True)
    EntryLine.objects.bulk_create(line for entry, sheet in pairs for line in _lines(entry, sheet))
    return len(entries)


def _locked(books: Books) -> Books:
    return Books.objects.select_for_update(of=("self",)).select_related("company").get(pk=books.pk)


def _entry(books: Books, sheet: Sheet, at: datetime) -> JournalEntry:
    on = first_open_day(books, sheet.on)
    return JournalEntry(
        books=books,
        kind=sheet.kind,
        source_id=sheet.source_id,
        journal=sheet.journal,
        fiscal_year=books.year_of(on),
        date=on,
        piece=sheet.piece[:60],
        piece_date=sheet.on,
        due_on=sheet.due_on,
        label=sheet.label[:200],
        currency=sheet.currency,
        total=sheet.total,
        posted_at=at,
    )


def first_open_day(books: Books, on: date) -> date:
    """Return a day, or the first after what is validated when it is before."""
    if books.locked_until is None or on > books.locked_until:
        return on
    return books.locked_until + timedelta(days=1)


def _lines(entry: JournalEntry, sheet: Sheet) -> Iterator[EntryLine]:
    for line in sheet.lines:
        party = line.party
        yield EntryLine(
            entry=entry,
            use=line.account.use,
            account=line.account.number,
            account_label=line.account.label,
            client_id=party.client_id if party else None,
            aux=party.code if party else "",
            aux_label=party.name if party else "",
            invoice_id=line.invoice_id,
            debit=line.debit,
            credit=line.credit,
            foreign=line.foreign,
        )


# What is read, in the order of what rests on what: an invoice before what touches it.


def _since(books: Books, rows: QuerySet, day: str) -> QuerySet:
    return rows.filter(**{f"{day}__gte": books.starts_on}) if books.starts_on else rows


def _invoices(books: Books) -> QuerySet:
    rows = Invoice.objects.filter(company=books.company, total__gt=0)
    rows = rows.exclude(status=Invoice.Status.DRAFT).select_related("client")
    return _since(books, rows.defer("client__search_vector"), "issue_date")


def _deposits(books: Books) -> QuerySet:
    return _invoices(books).filter(kind=Invoice.Kind.DEPOSIT)


def _credit_notes(books: Books) -> QuerySet:
    rows = CreditNote.objects.filter(company=books.company, status=CreditNote.Status.ISSUED)
    return _since(books, rows, "issue_date")


def _payments(books: Books) -> QuerySet:
    rows = Payment.objects.filter(company=books.company).select_related("client", "receipt")
    return _since(books, _real(books, rows), "received_on").defer("client__search_vector")


def _refunds(books: Books) -> QuerySet:
    rows = Refund.objects.filter(payment__company=books.company)
    rows = rows.select_related("payment__client").defer("payment__client__search_vector")
    return _since(books, _real(books, rows, "payment__"), "refunded_on")


def _allocations(books: Books) -> QuerySet:
    apart = (Allocation.Kind.PAYMENT, Allocation.Kind.RETURN)  # with the payment, the refund
    rows = Allocation.objects.filter(payment__company=books.company).exclude(kind__in=apart)
    return _since(books, _real(books, rows, "payment__"), "created_at__date")


def _adjustments(books: Books) -> QuerySet:
    rows = Adjustment.objects.filter(invoice__company=books.company)
    return _since(books, rows, "dated_on")


def _real(books: Books, rows: QuerySet, path: str = "") -> QuerySet:
    """Leave out money of the sandbox, unless the books take it."""
    return rows if books.posts_test_money else rows.filter(**{f"{path}is_test": False})


SOURCES = (
    Source(Kind.INVOICE, _deposits, reading.invoice_facts, deriving.derive_invoice),
    Source(Kind.INVOICE, _invoices, reading.invoice_facts, deriving.derive_invoice),
    Source(Kind.CREDIT_NOTE, _credit_notes, reading.credit_note_facts, deriving.derive_credit_note),
    Source(Kind.PAYMENT, _payments, reading.payment_facts, deriving.derive_payment),
    Source(Kind.REFUND, _refunds, reading.refund_facts, deriving.derive_refund),
    Source(Kind.ALLOCATION, _allocations, reading.allocation_facts, deriving.derive_allocation),
    Source(Kind.ADJUSTMENT, _adjustments, reading.adjustment_facts, deriving.derive_adjustment),
)
