"""The tables of the page: what each chart and list says, and what their exports hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.backoffice.charts import Chart
from core.money import format_amount, format_figure, round_half_up, to_major
from core.ui.formats import decimal, percent

TEXT, MONEY, COUNT, SHARE, DAYS = "text", "money", "count", "share", "days"
HOURS = "hours"
NOTHING = "—"


@dataclass(frozen=True)
class Column:
    """A column: its key, its heading, and what its values are."""

    name: str
    label: Any
    kind: str = TEXT

    @property
    def is_number(self) -> bool:
        """Tell whether it is written at the end of its cell."""
        return self.kind != TEXT


@dataclass(frozen=True)
class Table:
    """Rows that are shown, exported, and lead to what is behind them (`url` of a row)."""

    key: str
    title: Any
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    currency: str
    definition: Any = ""
    chart: Chart | None = None
    note: Any = ""

    @property
    def shown(self) -> list[tuple[str, list[tuple[str, bool]]]]:
        """Return (address, [(text, is a number)]) of each row, as people read them."""
        return [
            (
                row.get("url", ""),
                [(self._text(row, column), column.is_number) for column in self.columns],
            )
            for row in self.rows
        ]

    @property
    def exported(self) -> list[dict[str, Any]]:
        """Return the rows for a spreadsheet: major units, percentages and days to one decimal."""
        return [
            {column.name: self._plain(row, column) for column in self.columns} for row in self.rows
        ]

    def _text(self, row: Mapping[str, Any], column: Column) -> str:
        return write(row.get(column.name), column.kind, self.currency, short=True)

    def _plain(self, row: Mapping[str, Any], column: Column) -> Any:
        value = row.get(column.name)
        if value is None or column.kind in (TEXT, COUNT):
            return value
        if column.kind == MONEY:
            return to_major(value, self.currency)
        return tenths(value * 100 if column.kind == SHARE else value)


def tenths(value: Fraction | int) -> Decimal:
    """Round to one decimal, halves away from zero."""
    return Decimal(round_half_up(Fraction(value) * 10)) / 10


def write(value: Any, kind: str, currency: str = "XOF", *, short: bool = False) -> str:
    """Write a value for people; what was not measured is a dash."""
    if value is None:
        return NOTHING
    if kind == MONEY:
        amount = round_half_up(Fraction(value))
        return format_figure(amount, currency) if short else format_amount(amount, currency)
    if kind == SHARE:
        return percent(tenths(value * 100))
    if kind in (DAYS, HOURS):
        return decimal(tenths(value))
    return str(value)


def compact(value: Any, currency: str) -> str:
    """Write an amount in little room: 1,5 M, 350 k."""
    major = Fraction(to_major(round_half_up(Fraction(value)), currency))
    for size, mark in ((10**9, "Md"), (10**6, "M"), (10**3, "k")):
        if abs(major) >= size:
            return f"{decimal(tenths(major / size))} {mark}"
    return decimal(tenths(major))
