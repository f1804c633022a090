"""Reading entries for a file: which, in what order, with what numbers. Rows are streamed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from billing.accounting.charts import journals_of
from billing.accounting.formats.rows import Book, Row
from billing.accounting.models import Books, EntryLine, ExportBatch, FiscalYear, JournalEntry

STEP = 2000
Kind = JournalEntry.Kind
SCOPES = {
    ExportBatch.Scope.SALES: (Kind.INVOICE, Kind.CREDIT_NOTE),
    ExportBatch.Scope.RECEIPTS: (Kind.PAYMENT, Kind.REFUND, Kind.ALLOCATION, Kind.CHEQUE),
    ExportBatch.Scope.FEES: (Kind.FEE, Kind.PAYOUT, Kind.PAYOUT_IN),
    ExportBatch.Scope.CREDIT_NOTES: (Kind.CREDIT_NOTE,),
}
_COLUMNS = (
    "entry_id",
    "entry__journal",
    "entry__number",
    "entry__date",
    "entry__piece",
    "entry__piece_date",
    "entry__due_on",
    "entry__label",
    "entry__currency",
    "entry__validated_at",
    "account",
    "account_label",
    "aux",
    "aux_label",
    "debit",
    "credit",
    "foreign",
    "lettering__code",
    "lettering__last_on",
    "entry__fiscal_year",
    "lettering__first_on",
)


@dataclass(frozen=True)
class Wanted:
    """Which entries a file holds. `drafts` adds those that are not validated, numbered after."""

    books: Books
    start: date
    end: date
    kinds: tuple[str, ...] = ()
    batch_id: int | None = None
    drafts: bool = False
    today: date | None = None  # the day drafts are said to be validated on

    @property
    def entries(self) -> QuerySet[JournalEntry]:
        rows = JournalEntry.objects.filter(
            books=self.books, date__gte=self.start, date__lte=self.end
        )
        if self.kinds:
            rows = rows.filter(kind__in=self.kinds)
        if self.batch_id is not None:
            rows = rows.filter(batch_id=self.batch_id)
        return rows if self.drafts else rows.filter(number__isnull=False)

    @property
    def years(self) -> list[int]:
        """Return the fiscal years that the file spans."""
        return list(
            self.entries.order_by("fiscal_year").values_list("fiscal_year", flat=True).distinct()
        )


def book_of(books: Books) -> Book:
    """Return what files say of a company."""
    company = books.company
    name = company.legal_name or company.name
    return Book(name, company.ncc, company.currency, journals_of(books))


def read_rows(wanted: Wanted) -> Iterator[Row]:
    """Go through the lines of a file, validated entries first, in the order of their numbers.

    Call it in a transaction: the rows come by a cursor, some at a time. When the file spans
    several fiscal years, numbers start with the year, so that each is there once.
    """
    lines = EntryLine.objects.filter(entry__in=wanted.entries)
    is_long = len(wanted.years) > 1
    kept = lines.filter(entry__number__isnull=False)
    kept = kept.order_by("entry__fiscal_year", "entry__number", "pk")
    yield from _rows(kept, wanted, is_long, {})
    if wanted.drafts:
        drafts = lines.filter(entry__number=None).order_by("entry__date", "entry_id", "pk")
        yield from _rows(drafts, wanted, is_long, _next_numbers(wanted))


def _rows(
    lines: QuerySet[EntryLine], wanted: Wanted, is_long: bool, numbers: dict[int, int]
) -> Iterator[Row]:
    entry_id = 0
    for values in lines.values_list(*_COLUMNS).iterator(chunk_size=STEP):
        number, year = values[2], values[19]
        if number is None:
            if values[0] != entry_id:
                entry_id = values[0]
                numbers[year] = numbers.get(year, 0) + 1
            number = numbers[year]
        yield Row(
            *values[:2],
            year * 1_000_000 + number if is_long else number,
            *values[3:9],
            _validated_on(values[9], values[3], wanted),
            *values[10:17],
            *_lettering(values, wanted),
        )


def _validated_on(at: datetime | None, on: date, wanted: Wanted) -> date:
    """Return the day an entry was validated; a draft is said to be today."""
    if at is not None:
        return timezone.localdate(at)
    return max(on, wanted.today or on)


def _lettering(values: tuple, wanted: Wanted) -> tuple[str, date | None]:
    """Return the code and its day when all lines it joins are in the file."""
    code, last_on, first_on = values[17], values[18], values[20]
    if code is None or last_on > _seen_until(wanted) or first_on < wanted.start:
        return "", None
    is_part = bool(wanted.kinds) or wanted.batch_id is not None
    return ("", None) if is_part else (code, last_on)


def _seen_until(wanted: Wanted) -> date:
    locked = wanted.books.locked_until
    if wanted.drafts:
        return wanted.end
    return min(wanted.end, locked) if locked else date.min


def _next_numbers(wanted: Wanted) -> dict[int, int]:
    """Return, per fiscal year, the number before that of the first draft of the file."""
    counters = FiscalYear.objects.filter(books=wanted.books).values_list("year", "last")
    numbers = dict(counters)
    before = JournalEntry.objects.filter(
        Q(date__lt=wanted.start), books=wanted.books, number=None
    ).values_list("fiscal_year", flat=True)
    for year in before.iterator(chunk_size=STEP):
        numbers[year] = numbers.get(year, 0) + 1
    return numbers
