"""The periods that figures are about: a month, a quarter, a year, or days that somebody chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.ui.formats import MONTHS, date_range

MONTH, QUARTER, YEAR, CUSTOM = "mois", "trimestre", "annee", "jours"
MONTHS_OF = {MONTH: 1, QUARTER: 3, YEAR: 12}
LONGEST = 3660  # days of a custom period
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included; `kind` says how it was chosen."""

    first: date
    last: date
    kind: str = CUSTOM

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    def until(self, today: date) -> Period:
        """Return the part of it that has passed; its first day at least."""
        return Period(self.first, max(min(self.last, today), self.first), self.kind)

    def previous(self) -> Period:
        """Return the period just before: the month before a month, as many days before days."""
        if self.kind in MONTHS_OF:
            first = add_months(self.first, -MONTHS_OF[self.kind])
            return Period(first, self.first - DAY, self.kind)
        return Period(self.first - timedelta(days=self.days), self.first - DAY, self.kind)

    def following(self) -> Period:
        """Return the period just after."""
        if self.kind in MONTHS_OF:
            return whole(self.kind, self.last + DAY)
        return Period(self.last + DAY, self.last + timedelta(days=self.days), self.kind)

    def __str__(self) -> str:
        if self.kind == MONTH:
            return f"{MONTHS[self.first.month]} {self.first.year}"
        if self.kind == QUARTER:
            return f"T{(self.first.month + 2) // 3} {self.first.year}"
        return str(self.first.year) if self.kind == YEAR else date_range(self.first, self.last)


def add_months(first: date, count: int) -> date:
    """Return the first day of the month so many months later, or earlier."""
    rank = first.year * 12 + first.month - 1 + count
    return date(rank // 12, rank % 12 + 1, 1)


def whole(kind: str, day: date) -> Period:
    """Return the month, quarter or year that a day is in."""
    size = MONTHS_OF[kind]
    first = date(day.year, (day.month - 1) // size * size + 1, 1)
    return Period(first, add_months(first, size) - DAY, kind)


def month_starts(last: date, count: int) -> list[date]:
    """Return the first days of the months that end with that of a day, oldest first."""
    return [add_months(last, back) for back in range(1 - count, 1)]


def read_period(asked: Mapping[str, str], today: date) -> Period:
    """Read a period from an address; what cannot be understood is this quarter.

    `periode` is mois, trimestre, annee or jours; `au` a day of it, or with `du` its two ends.
    """
    kind = asked.get("periode", "")
    first, last = _day(asked.get("du")), _day(asked.get("au"))
    if kind == CUSTOM and first and last:
        first, last = min(first, last), max(first, last)
        return Period(max(first, last - timedelta(days=LONGEST)), last)
    if kind in MONTHS_OF:
        return whole(kind, last or today)
    return whole(QUARTER, today)


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2199 else None
