"""The definitions of the figures, exactly: amounts are minor units, results are fractions.

A figure whose base is zero is None: neither 0 nor 100, for nothing was measured. The sources of
these definitions are in docs/analytics.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

BOUNDS = (30, 60, 90)  # days past due that end each class


def ratio(part: int, whole: int) -> Fraction | None:
    """Return a part of a whole; None when the whole is nothing."""
    return Fraction(part, whole) if whole else None


@dataclass(frozen=True)
class Ageing:
    """What is owed, by days past due. The due day itself is not past due."""

    current: int = 0
    to_30: int = 0
    to_60: int = 0
    to_90: int = 0
    beyond: int = 0
    credit: int = 0  # what we owe to clients, apart and negative

    @property
    def classes(self) -> tuple[int, int, int, int, int]:
        """Return the amounts from not due to the oldest."""
        return (self.current, self.to_30, self.to_60, self.to_90, self.beyond)

    @property
    def total(self) -> int:
        """Return what clients owe, credit left out."""
        return sum(self.classes)

    @property
    def late(self) -> int:
        """Return what is past due."""
        return self.total - self.current


def age_balances(balances: Iterable[tuple[int, int]]) -> Ageing:
    """Sort (balance, days past due) into classes; a negative balance is the client's credit."""
    classes, credit = [0] * (len(BOUNDS) + 2), 0
    for balance, days in balances:
        if balance < 0:
            credit += balance
        else:
            classes[class_of(days)] += balance
    current, to_30, to_60, to_90, beyond = classes
    return Ageing(current, to_30, to_60, to_90, beyond, credit)


def class_of(days: int) -> int:
    """Return the rank of the class of so many days past due: 0 when not past due."""
    return 0 if days <= 0 else 1 + sum(days > bound for bound in BOUNDS)


def simple_dso(receivable: int, sales: int, days: int) -> Fraction | None:
    """Return days of sales outstanding: receivable over the period's sales on credit, × days."""
    return Fraction(receivable * days, sales) if sales > 0 else None


@dataclass(frozen=True)
class CountBack:
    """Days of sales that the receivable is worth; `exhausted` when sales ran out before it."""

    days: Fraction
    exhausted: bool


def count_back_dso(receivable: int, months: Sequence[tuple[int, int]]) -> CountBack | None:
    """Eat months backwards from the newest, (sales, days) each, the last one pro rata.

    A month without sales, or with more credited than invoiced, counts its days and eats nothing.
    None when no month ever sold anything.
    """
    if not any(sales > 0 for sales, _days in months):
        return None
    left, counted = max(receivable, 0), Fraction(0)
    for sales, days in months:
        if left == 0:
            break
        if 0 < left < sales:
            return CountBack(counted + Fraction(left * days, sales), exhausted=False)
        left -= max(sales, 0)
        counted += days
    return CountBack(counted, exhausted=left > 0)


def delinquent_days(receivable: int, current: int, sales: int, days: int) -> Fraction | None:
    """Return the average days delinquent: DSO less the best possible one, of what is not due."""
    dso, best = simple_dso(receivable, sales, days), simple_dso(current, sales, days)
    return dso - best if dso is not None and best is not None else None


def effectiveness(*, begin: int, sales: int, end: int, end_current: int) -> Fraction | None:
    """Return the collection effectiveness index: collected of what could be, as a fraction."""
    could = begin + sales - end_current
    return Fraction(begin + sales - end, could) if could > 0 else None


@dataclass(frozen=True)
class MeanDays:
    """A mean of days, each payment weighing its amount, and each the same."""

    weighted: Fraction
    plain: Fraction


def mean_days(paid: Iterable[tuple[int, int]]) -> MeanDays | None:
    """Return the means of (amount, days) pairs; None without any."""
    rows = list(paid)
    return mean_of_sums(
        amount=sum(amount for amount, _days in rows),
        amount_days=sum(amount * days for amount, days in rows),
        count=len(rows),
        days=sum(days for _amount, days in rows),
    )


def mean_of_sums(*, amount: int, amount_days: int, count: int, days: int) -> MeanDays | None:
    """Return the means from sums that the database added."""
    if not count or not amount:
        return None
    return MeanDays(Fraction(amount_days, amount), Fraction(days, count))


@dataclass(frozen=True)
class Movements:
    """How recurring revenue went from one day to another, per client, in a month's amounts."""

    start: Fraction
    new: Fraction
    back: Fraction
    up: Fraction
    down: Fraction
    lost: Fraction
    end: Fraction


def recurring_movements(
    start: Mapping[int, Fraction], end: Mapping[int, Fraction], known: Iterable[int]
) -> Movements:
    """Say what moved between two days; `known` are clients who had paid before the first.

    end = start + new + back + up − down − lost, always.
    """
    nothing, before = Fraction(0), set(known)
    moved = dict.fromkeys(("new", "back", "up", "down", "lost"), nothing)
    for client in start.keys() | end.keys():
        was, now = start.get(client, nothing), end.get(client, nothing)
        if was == now:
            continue
        if not was:
            moved["back" if client in before else "new"] += now
        elif not now:
            moved["lost"] += was
        else:
            moved["up" if now > was else "down"] += abs(now - was)
    whole = (sum(values.values(), nothing) for values in (start, end))
    first, last = whole
    return Movements(first, end=last, **moved)
