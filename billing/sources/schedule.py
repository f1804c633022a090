"""Which periods a contract has, without Django: counted from an anchor, so that none drifts."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import count, takewhile

DAY = timedelta(days=1)
LAST_YEAR = date.max.year


class Unit(StrEnum):
    """What the interval is counted in."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


MONTHS_OF = {Unit.WEEK: Fraction(12, 52), Unit.MONTH: Fraction(1), Unit.YEAR: Fraction(12)}


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of a contract, both days included, and the day its invoice is made."""

    start: date
    end: date
    bill_on: date


@dataclass(frozen=True)
class Rhythm:
    """The periods of a contract: every so many units from an anchor, between two ends.

    The first one is the first to begin on or after `starts_on`. `ends_on` is the last day on
    which one may begin; `times` how many there are.
    """

    anchor: date
    every: int = 1
    unit: Unit = Unit.MONTH
    starts_on: date | None = None
    ends_on: date | None = None
    times: int | None = None
    in_arrears: bool = False

    @property
    def months(self) -> Fraction:
        """How many months an interval is: a week is 12/52 of one."""
        return MONTHS_OF[self.unit] * self.every

    def start_of(self, index: int) -> date | None:
        """Return the first day of the period of a rank, counted from the anchor; None too far."""
        if self.unit is Unit.WEEK:
            return _plus_days(self.anchor, 7 * self.every * index)
        step = self.every * (12 if self.unit is Unit.YEAR else 1)
        return _plus_months(self.anchor, step * index)

    def periods(self, after: date | None = None) -> Iterator[Period]:
        """Go through the periods, oldest first; with `after`, those that begin later than it."""
        first = self._rank_from(self.starts_on) if self.starts_on else 0
        begin = first if after is None else max(first, self._rank_from(after + DAY))
        ranks = count(begin) if self.times is None else iter(range(begin, first + self.times))
        found = (self._period(rank) for rank in ranks)
        return (period for period in takewhile(self._is_kept, found) if period is not None)

    def next_after(self, after: date | None) -> Period | None:
        """Return the first period that begins later than a day, or the very first one."""
        return next(self.periods(after), None)

    def due(self, on: date, after: date | None = None) -> Iterator[Period]:
        """Go through the periods whose invoice is to be made by a day, oldest first."""
        return takewhile(lambda period: period.bill_on <= on, self.periods(after))

    def period_on(self, day: date) -> Period | None:
        """Return the period that a day falls in, if the contract has one."""
        rank = self._rank_from(day + DAY) - 1
        start = self.start_of(rank) if rank >= 0 else None
        if start is None:
            return None
        period = self.next_after(start - DAY)
        return period if period is not None and period.start <= day <= period.end else None

    def _period(self, rank: int) -> Period | None:
        start, following = self.start_of(rank), self.start_of(rank + 1)
        if start is None or following is None:
            return None
        end = following - DAY
        return Period(start, end, following if self.in_arrears else start)

    def _is_kept(self, period: Period | None) -> bool:
        if period is None:
            return False
        return self.ends_on is None or period.start <= self.ends_on

    def _rank_from(self, day: date) -> int:
        """Return the rank of the first period that begins on a day or later, from zero."""
        if day <= self.anchor:
            return 0
        if self.unit is Unit.WEEK:
            return -(-(day - self.anchor).days // (7 * self.every))
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        rank = months // int(self.months)
        start = self.start_of(rank)
        return rank if start is None or start >= day else rank + 1


def _plus_days(day: date, days: int) -> date | None:
    return day + timedelta(days=days) if (date.max - day).days >= days else None


def _plus_months(day: date, months: int) -> date | None:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > LAST_YEAR:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
