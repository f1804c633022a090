"""The books: chart, journals, entries, periods that are closed, and what was handed over."""

from billing.accounting.models.books import (
    Books,
    ChartAccount,
    FiscalYear,
    JournalCode,
    SalesAccount,
)
from billing.accounting.models.entries import EntryLine, JournalEntry, Lettering
from billing.accounting.models.exports import ExportBatch

__all__ = [
    "Books",
    "ChartAccount",
    "EntryLine",
    "ExportBatch",
    "FiscalYear",
    "JournalCode",
    "JournalEntry",
    "Lettering",
    "SalesAccount",
]
