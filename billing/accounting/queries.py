"""Reads of the books: balances, ledgers, and whether they say what billing says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from billing.accounting.chart import RECEIVABLE
from billing.accounting.models import Books, EntryLine, JournalEntry
from billing.accounting.models.entries import BALANCE
from billing.invoicing.models import Invoice


@dataclass(frozen=True)
class AccountBalance:
    """An account over a period; balances are debit less credit, in our smallest unit."""

    account: str
    label: str
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        return self.opening + self.debit - self.credit


@dataclass(frozen=True)
class LedgerLine:
    """A line of a ledger with the balance after it."""

    line: EntryLine
    balance: int


def trial_balance(books: Books, *, start: date, end: date) -> list[AccountBalance]:
    """Return each account that moved up to the end of a period, in the order of their numbers."""
    before, within = Q(entry__date__lt=start), Q(entry__date__gte=start)
    rows = (
        EntryLine.objects.filter(entry__books=books, entry__date__lte=end)
        .order_by("account")
        .values("account")
        .annotate(
            opening=Coalesce(Sum(BALANCE, filter=before), 0),
            debits=Coalesce(Sum("debit", filter=within), 0),
            credits=Coalesce(Sum("credit", filter=within), 0),
        )
    )
    names = account_names(books)
    return [
        AccountBalance(
            row["account"],
            names.get(row["account"], ""),
            row["opening"],
            row["debits"],
            row["credits"],
        )
        for row in rows
        if row["opening"] or row["debits"] or row["credits"]
    ]


def account_names(books: Books) -> dict[str, str]:
    """Return the last name of each account that entries use."""
    rows = EntryLine.objects.filter(entry__books=books).order_by("account", "-pk")
    return dict(rows.distinct("account").values_list("account", "account_label"))


def ledger_lines(
    books: Books, *, start: date, end: date, account: str = "", client_id: int | None = None
) -> tuple[int, QuerySet[EntryLine]]:
    """Return the opening balance and the lines of an account, of a client, or of both."""
    rows = EntryLine.objects.filter(entry__books=books)
    rows = rows.filter(account=account) if account else rows
    rows = rows.filter(client_id=client_id) if client_id else rows
    opening = rows.filter(entry__date__lt=start).aggregate(sum=Coalesce(Sum(BALANCE), 0))["sum"]
    within = rows.filter(entry__date__gte=start, entry__date__lte=end)
    lines = within.select_related("entry", "lettering").order_by("entry__date", "entry_id", "pk")
    return opening, lines


def with_balances(opening: int, lines: QuerySet[EntryLine]) -> Iterator[LedgerLine]:
    """Go through the lines of a ledger, each with the balance after it."""
    balance = opening
    for line in lines:
        balance += line.signed
        yield LedgerLine(line, balance)


def drafts(books: Books) -> QuerySet[JournalEntry]:
    """Return the entries that wait to be validated."""
    return JournalEntry.objects.filter(books=books, number=None)


def entries_of_invoice(invoice: Invoice) -> QuerySet[JournalEntry]:
    """Return the entries with a line about an invoice, in the order of their days."""
    about = EntryLine.objects.filter(invoice=invoice).values("entry_id")
    rows = JournalEntry.objects.filter(pk__in=about).prefetch_related("lines")
    return rows.order_by("date", "pk")


def find_differences(books: Books) -> list[tuple[str, int, int]]:
    """Return invoices whose account in the books is not what is due: (number, books, due).

    For invoices in our currency that the books hold; none when all was posted.
    """
    posted = JournalEntry.objects.filter(books=books, kind=JournalEntry.Kind.INVOICE)
    rows = (
        EntryLine.objects.filter(
            use__in=RECEIVABLE,
            invoice_id__in=posted.values("source_id"),
            invoice__currency=books.company.currency,
        )
        .order_by("invoice_id")
        .values("invoice_id", "invoice__number")
        .annotate(left=Sum(BALANCE), lines=Count("pk"))
        .annotate(
            due=F("invoice__total")
            + F("invoice__total_added")
            - F("invoice__amount_credited")
            - F("invoice__amount_adjusted")
            - F("invoice__amount_paid")
        )
        .exclude(left=F("due"))
    )
    return [(row["invoice__number"], row["left"], row["due"]) for row in rows]
