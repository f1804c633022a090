"""Reading entries for a file: which, in what order, with what numbers. Rows are streamed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
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
_OF_ENTRY = (
    "pk",
    "journal",
    "number",
    "date",
    "piece",
    "piece_date",
    "due_on",
    "label",
    "currency",
    "validated_at",
    "fiscal_year",
)
_OF_LINE = (
    "entry_id",
    "account",
    "account_label",
    "aux",
    "aux_label",
    "debit",
    "credit",
    "foreign",
    "lettering__code",
    "lettering__first_on",
    "lettering__last_on",
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

    Read by keys, some thousand entries at a time: memory stays flat, and no cursor is held while
    the file is written. When the file spans several fiscal years, numbers start with the year, so
    that each is there once.
    """
    years = wanted.years
    is_long = len(years) > 1
    for year in years:
        yield from _rows(_validated(wanted, year), wanted, is_long)
    if wanted.drafts:
        yield from _rows(_numbered_drafts(wanted), wanted, is_long)


def _validated(wanted: Wanted, year: int) -> Iterator[list[tuple]]:
    """Go through the validated entries of a fiscal year, by chunks."""
    rows, last = wanted.entries.filter(fiscal_year=year).order_by("number"), 0
    while chunk := list(rows.filter(number__gt=last).values_list(*_OF_ENTRY)[:STEP]):
        yield chunk
        last = chunk[-1][2]


def _numbered_drafts(wanted: Wanted) -> Iterator[list[tuple]]:
    """Go through the drafts by chunks, in the order they would be validated in."""
    numbers = _next_numbers(wanted)
    rows = wanted.entries.filter(number=None).order_by("date", "pk")
    after = Q()
    while chunk := list(rows.filter(after).values_list(*_OF_ENTRY)[:STEP]):
        numbered = []
        for values in chunk:
            year = values[10]
            numbers[year] = numbers.get(year, 0) + 1
            numbered.append((*values[:2], numbers[year], *values[3:]))
        yield numbered
        pk, on = chunk[-1][0], chunk[-1][3]
        after = Q(date__gt=on) | Q(date=on, pk__gt=pk)


def _rows(chunks: Iterator[list[tuple]], wanted: Wanted, is_long: bool) -> Iterator[Row]:
    for chunk in chunks:
        lines: defaultdict[int, list[tuple]] = defaultdict(list)
        mine = EntryLine.objects.filter(entry_id__in=[values[0] for values in chunk])
        for line in mine.order_by("pk").values_list(*_OF_LINE):
            lines[line[0]].append(line)
        for values in chunk:
            number = values[10] * 1_000_000 + values[2] if is_long else values[2]
            valid = _validated_on(values[9], values[3], wanted)
            for line in lines[values[0]]:
                letters = _lettering(line, wanted)
                yield Row._make((*values[:2], number, *values[3:9], valid, *line[1:8], *letters))


def _validated_on(at: datetime | None, on: date, wanted: Wanted) -> date:
    """Return the day an entry was validated; a draft is said to be today."""
    if at is not None:
        return timezone.localdate(at)
    return max(on, wanted.today or on)


def _lettering(line: tuple, wanted: Wanted) -> tuple[str, date | None]:
    """Return the code and its day when all lines it joins are in the file."""
    code, first_on, last_on = line[8:]
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
    before = JournalEntry.objects.filter(books=wanted.books, number=None, date__lt=wanted.start)
    counts = before.order_by("fiscal_year").values_list("fiscal_year").annotate(many=Count("pk"))
    for year, many in counts:
        numbers[year] = numbers.get(year, 0) + many
    return numbers
