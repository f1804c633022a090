"""Working hours as plain values: how long we were open, and when a delay ends. Reads nothing.

A week is a mapping from the day, 1 (Monday) to 7, to its periods, each a pair of minutes since
midnight: `{1: ((480, 750), (840, 1080))}` is Monday from 8 h to 12 h 30 and from 14 h to 18 h.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

Periods = Sequence[tuple[int, int]]
DAY = 24 * 60
HORIZON = 800  # days within which a delay must end: two years, however few the open hours
CLOCK = re.compile(r"(\d{1,2})\s*(?:[h:]\s*(\d{2})?)?")
BETWEEN = re.compile(r"\s*(?:-|–|—|à)\s*")


class NeverOpen(Exception):
    """The calendar has no open hour in which a delay could end."""


class UnreadableHours(ValueError):
    """What was typed is not a list of periods, such as « 8 h-12 h 30, 14 h-18 h »."""


@dataclass(frozen=True)
class Week:
    """When we are open: the periods of each day, the zone they are in, and the days off."""

    periods: Mapping[int, Periods]
    zone: ZoneInfo
    is_off: Callable[[date], bool] = lambda day: False

    def open_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open periods of a day, as moments of UTC, in their order."""
        if self.is_off(day):
            return
        for begin, end in self.periods.get(day.isoweekday(), ()):
            opens, closes = self._moment(day, begin), self._moment(day, end)
            if closes > opens:  # an hour that a change of clocks takes away
                yield opens, closes

    def day_of(self, at: datetime) -> date:
        """Return the day of a moment, in the zone of the calendar."""
        return at.astimezone(self.zone).date()

    @property
    def longest_day(self) -> timedelta:
        """Return how long the longest day of the week is open: what « one day » promises."""
        lengths = (sum(end - begin for begin, end in day) for day in self.periods.values())
        return timedelta(minutes=max(lengths, default=0))

    def _moment(self, day: date, minutes: int) -> datetime:
        days, rest = divmod(minutes, DAY)
        local = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60))
        return local.replace(tzinfo=self.zone).astimezone(UTC)


def working_time(week: Week, start: datetime, end: datetime) -> timedelta:
    """Return how long we were open between two moments; nothing when the end comes first."""
    total, day, last = timedelta(), week.day_of(start), week.day_of(end)
    while day <= last:
        for opens, closes in week.open_on(day):
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += timedelta(days=1)
    return total


def end_of_delay(week: Week, start: datetime, delay: timedelta) -> datetime:
    """Return the first moment at which so much working time has passed since another.

    :raises NeverOpen: if the calendar does not open enough within two years.
    """
    if delay <= timedelta():
        return start
    left, day = delay, week.day_of(start)
    for _rank in range(HORIZON):
        for opens, closes in week.open_on(day):
            begin = max(opens, start)
            if closes - begin >= left:
                return begin + left
            left -= max(closes - begin, timedelta())
        day += timedelta(days=1)
    raise NeverOpen


def start_of_delay(week: Week, end: datetime, delay: timedelta) -> datetime:
    """Return the last moment from which so much working time passes before another.

    :raises NeverOpen: if the calendar did not open enough in the two years before.
    """
    if delay <= timedelta():
        return end
    left, day = delay, week.day_of(end)
    for _rank in range(HORIZON):
        for opens, closes in reversed(list(week.open_on(day))):
            until = min(closes, end)
            if until - opens >= left:
                return until - left
            left -= max(until - opens, timedelta())
        day -= timedelta(days=1)
    raise NeverOpen


def read_periods(text: str) -> list[tuple[int, int]]:
    """Return the periods of a day as typed, in their order; nothing for a closed day.

    :raises UnreadableHours: if a period cannot be read, is empty, or meets another.
    """
    found = sorted(_read_period(part) for part in re.split(r"[,;]", text) if part.strip())
    for before, after in pairwise(found):
        if after[0] < before[1]:
            raise UnreadableHours(text)
    return found


def _read_period(text: str) -> tuple[int, int]:
    ends = BETWEEN.split(text.strip().lower())
    if len(ends) != 2:
        raise UnreadableHours(text)
    begin, end = (_read_clock(part) for part in ends)
    if begin >= end:
        raise UnreadableHours(text)
    return begin, end


def _read_clock(text: str) -> int:
    match = CLOCK.fullmatch(text.strip())
    if match is None:
        raise UnreadableHours(text)
    minutes = int(match[1]) * 60 + int(match[2] or 0)
    if int(match[2] or 0) > 59 or minutes > DAY:
        raise UnreadableHours(text)
    return minutes


def write_periods(periods: Periods) -> str:
    """Write the periods of a day as people read and type them: « 8 h-12 h 30, 14 h-18 h »."""
    return ", ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in periods)


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"
