"""How planned work falls on days, and how much of a day somebody has. Without Django, exact."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

FULL_WEEK = (480, 480, 480, 480, 480, 0, 0)  # minutes, Monday first, of whoever has no pattern
FULL, HEAVY = 100, 80  # percent
LONGEST = 400  # days that a task is spread over at most


@dataclass(frozen=True)
class Pattern:
    """The minutes of each day of somebody's week, from a day on."""

    valid_from: date
    minutes: tuple[int, ...]


@dataclass(frozen=True)
class Away:
    """Days off of somebody, both included; halves leave half of the day."""

    start: date
    end: date
    is_half: bool = False


@dataclass(frozen=True)
class Load:
    """What is planned for somebody in a week, against what they have. Minutes."""

    planned: int
    capacity: int
    spent: int = 0

    @property
    def percent(self) -> int:
        """Return how full the week is; 999 at most, and with work but no time at all."""
        if not self.capacity:
            return 999 if self.planned else 0
        return min(self.planned * 100 // self.capacity, 999)

    @property
    def is_over(self) -> bool:
        return self.planned > self.capacity

    @property
    def level(self) -> str:
        """Return "over", "full", "some", "none" or "away": what a cell shows."""
        if self.is_over:
            return "over"
        if not self.capacity:
            return "away"
        if self.percent >= HEAVY:
            return "full"
        return "some" if self.planned else "none"


@dataclass(frozen=True)
class Planned:
    """Work left on a task: minutes, between two days, for one person."""

    key: int
    person: int
    minutes: int
    start: date | None
    due: date | None


@dataclass
class Spread:
    """Minutes per person and week, and the tasks they come from."""

    weeks: dict[tuple[int, date], int] = field(default_factory=dict)
    tasks: dict[tuple[int, date], list[tuple[int, int]]] = field(default_factory=dict)
    undated: dict[int, int] = field(default_factory=dict)

    def add(self, person: int, week: date, key: int, minutes: int) -> None:
        """Count some minutes of a task in a week of somebody."""
        if not minutes:
            return
        place = (person, week)
        self.weeks[place] = self.weeks.get(place, 0) + minutes
        self.tasks.setdefault(place, []).append((key, minutes))


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def capacity_of(
    day: date,
    patterns: Sequence[Pattern],
    absences: Iterable[Away],
    is_open: Callable[[date], bool],
) -> int:
    """Return the minutes somebody has on a day: none on a holiday, half on half a day off.

    A day off for all that is no weekday, such as Saturday, counts if the pattern works it.
    """
    begun = [pattern for pattern in patterns if pattern.valid_from <= day]
    week = max(begun, key=lambda one: one.valid_from).minutes if begun else FULL_WEEK
    minutes = week[day.weekday()]
    if not minutes or (day.weekday() < 5 and not is_open(day)):
        return 0
    away = [each for each in absences if each.start <= day <= each.end]
    if any(not each.is_half for each in away):
        return 0
    return minutes // 2 if away else minutes


def days_of(
    work: Planned, today: date, has_time: Callable[[int, date], bool]
) -> list[tuple[date, int]]:
    """Spread the work left over the days of its person, from today on, to the minute.

    Between its start and its due date, on days with time; what is late, or has no day left, falls
    on the next day with time. Nothing for work without a due date.
    """
    if work.due is None or work.minutes <= 0:
        return []
    first = max(work.start or today, today)
    last = max(work.due, first)
    span = min((last - first).days, LONGEST)
    days = [first + timedelta(days=step) for step in range(span + 1)]
    open_days = [day for day in days if has_time(work.person, day)]
    if not open_days:
        open_days = [_next_day(work.person, last, has_time)]
    share, rest = divmod(work.minutes, len(open_days))
    return [(day, share + (place < rest)) for place, day in enumerate(open_days)]


def _next_day(person: int, after: date, has_time: Callable[[int, date], bool]) -> date:
    days = (after + timedelta(days=step) for step in range(1, 61))
    return next((day for day in days if has_time(person, day)), after)


def spread(works: Iterable[Planned], today: date, has_time: Callable[[int, date], bool]) -> Spread:
    """Return what all works come to, per person and week."""
    found = Spread()
    for work in works:
        if work.due is None:
            found.undated[work.person] = found.undated.get(work.person, 0) + work.minutes
            continue
        weeks: dict[date, int] = {}
        for day, minutes in days_of(work, today, has_time):
            week = monday_of(day)
            weeks[week] = weeks.get(week, 0) + minutes
        for week, minutes in weeks.items():
            found.add(work.person, week, work.key, minutes)
    return found


def loads_of(
    people: Iterable[int],
    weeks: Sequence[date],
    found: Spread,
    capacities: Mapping[tuple[int, date], int],
) -> dict[tuple[int, date], Load]:
    """Return the load of each person in each week."""
    return {
        (person, week): Load(
            planned=found.weeks.get((person, week), 0),
            capacity=capacities.get((person, week), 0),
        )
        for person in people
        for week in weeks
    }
