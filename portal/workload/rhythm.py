"""The days of what comes back: every so many days, weeks or months. Without Django."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice

MOST_SHIFT = 31  # days looked through for the next one that is worked


@dataclass(frozen=True)
class Rhythm:
    """When something comes back: `unit` is "days", "weeks" or "months".

    For weeks, `weekdays` are those of the week (Monday 0), or that of the first day if empty.
    For months, it is the day of the first time, or the last of a shorter month.
    """

    starts_on: date
    every: int
    unit: str
    weekdays: frozenset[int] = frozenset()
    ends_on: date | None = None

    def days(self, since: date | None = None) -> Iterator[date]:
        """Go through the days from the first, or from `since`, to the last."""
        for day in self._all(max(since or self.starts_on, self.starts_on)):
            if self.ends_on is not None and day > self.ends_on:
                return
            if since is None or day >= since:
                yield day

    def _all(self, near: date) -> Iterator[date]:
        """Go through the days without end, from some time before `near` at the latest."""
        if self.unit == "months":
            yield from self._months(near)
        elif self.unit == "weeks":
            yield from self._weeks(near)
        else:
            passed = max((near - self.starts_on).days // self.every, 0)
            for turn in count(passed):
                yield self.starts_on + timedelta(days=turn * self.every)

    def _weeks(self, near: date) -> Iterator[date]:
        first = self.starts_on - timedelta(days=self.starts_on.weekday())
        wanted = sorted(self.weekdays) or [self.starts_on.weekday()]
        passed = max((near - first).days // (7 * self.every), 0)
        for turn in count(passed):
            for weekday in wanted:
                day = first + timedelta(days=turn * 7 * self.every + weekday)
                if day >= self.starts_on:
                    yield day

    def _months(self, near: date) -> Iterator[date]:
        begun = self.starts_on.year * 12 + self.starts_on.month - 1
        passed = max((near.year * 12 + near.month - 1 - begun) // self.every, 0)
        for turn in count(passed):
            year, month = divmod(begun + turn * self.every, 12)
            last = monthrange(year, month + 1)[1]
            yield date(year, month + 1, min(self.starts_on.day, last))


def next_days(rhythm: Rhythm, since: date, most: int) -> list[date]:
    """Return the next days of a rhythm, from one on."""
    return list(islice(rhythm.days(since), most))


def worked_day(day: date, is_open: Callable[[date], bool]) -> date:
    """Return a day, or the next one that is worked."""
    days = (day + timedelta(days=step) for step in range(MOST_SHIFT))
    return next((each for each in days if is_open(each)), day)
