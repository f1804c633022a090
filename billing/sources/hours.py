"""Time turned into lines, without Django: which rate holds, how entries are grouped, exactly."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.money import round_half_up

HOUR = 60
EXACT = 3  # minutes; so many are a twentieth of an hour, which three decimals hold


@dataclass(frozen=True)
class Rate:
    """What an hour costs from a day on, in minor units; None is any project or any person."""

    amount: int
    project_id: int | None = None
    user_id: int | None = None
    valid_from: date | None = None


@dataclass(frozen=True)
class Spent:
    """An entry of time, and the rate of its hours; None when no rate holds."""

    entry_id: int
    project_id: int
    user_id: int
    on: date
    minutes: int
    rate: int | None
    entry: Any = None


@dataclass(frozen=True)
class TimeLine:
    """A line to bill: its entries, and figures whose product is exact to the minor unit."""

    key: Any
    rate: int
    minutes: int
    entry_ids: tuple[int, ...]
    entries: tuple[Spent, ...]

    @property
    def amount(self) -> int:
        """Return what the line comes to, in minor units, rounded once."""
        return round_half_up(Fraction(self.minutes * self.rate, HOUR))

    @property
    def is_in_hours(self) -> bool:
        """Tell whether the minutes are a quantity of hours with three decimals at most."""
        return self.minutes % EXACT == 0

    @property
    def quantity(self) -> Decimal:
        return Decimal(self.minutes) / HOUR if self.is_in_hours else Decimal(1)

    @property
    def unit_price(self) -> Decimal:
        return Decimal(self.rate if self.is_in_hours else self.amount)


def rate_of(rates: Iterable[Rate], *, project_id: int, user_id: int, on: date) -> int | None:
    """Return the rate of an hour: the person's on the project, the project's, the person's, ours.

    Among those, the latest that has begun by the day.
    """
    fitting = [
        rate
        for rate in rates
        if rate.project_id in (None, project_id)
        and rate.user_id in (None, user_id)
        and (rate.valid_from is None or rate.valid_from <= on)
    ]
    best = max(fitting, key=_closeness, default=None)
    return None if best is None else best.amount


def group_time(spent: Sequence[Spent], key: Callable[[Spent], Any]) -> list[TimeLine]:
    """Group entries into lines, one for each key and rate, in the order they first come.

    Entries without a rate are left out.
    """
    groups: dict[tuple[Any, int], list[Spent]] = {}
    for each in spent:
        if each.rate is not None:
            groups.setdefault((key(each), each.rate), []).append(each)
    return [
        TimeLine(
            key=name,
            rate=rate,
            minutes=sum(each.minutes for each in entries),
            entry_ids=tuple(each.entry_id for each in entries),
            entries=tuple(entries),
        )
        for (name, rate), entries in groups.items()
    ]


def hours_text(minutes: int) -> str:
    """Write a duration: « 12 h 30 », « 45 min »."""
    hours, rest = divmod(minutes, HOUR)
    if not hours:
        return f"{rest}\u00a0min"
    return f"{hours}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")


def _closeness(rate: Rate) -> tuple[bool, bool, date]:
    return rate.project_id is not None, rate.user_id is not None, rate.valid_from or date.min
