"""What a project has used of its budget: its costs, and its hours at what they are worth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Sum, Value, When

from core.hooks import HourRate, hour_rates
from core.money import round_half_up
from portal.projects.models import Project, TimeEntry

HOUR = 60
WARNED_AT = 80  # percent of a budget


@dataclass(frozen=True)
class Spending:
    """What was spent: minutes, costs noted by hand and the worth of hours, in minor units."""

    minutes: int = 0
    costs: int = 0
    worth: int = 0  # of the minutes, rounded once

    @property
    def total(self) -> int:
        return self.costs + self.worth


@dataclass(frozen=True)
class Budget:
    """A budget in money and in hours, either of which may be missing, and what was used of it."""

    amount: int | None
    hours: int | None
    spending: Spending

    @property
    def money_used(self) -> int | None:
        """Return the share of the amount that is used, in percent, rounded; None without one."""
        return share(self.spending.total, self.amount)

    @property
    def hours_used(self) -> int | None:
        """Return the share of the hours that is used, in percent, rounded; None without them."""
        return share(self.spending.minutes, self.hours * HOUR if self.hours else None)

    @property
    def used(self) -> int | None:
        """Return the greater of both shares; None without a budget."""
        shares = [one for one in (self.money_used, self.hours_used) if one is not None]
        return max(shares, default=None)

    @property
    def left(self) -> int | None:
        """Return what is left of the amount, below zero when it is exceeded."""
        return None if self.amount is None else self.amount - self.spending.total

    @property
    def is_exceeded(self) -> bool:
        """Tell whether more was spent than the amount or the hours hold."""
        over_money = self.amount is not None and self.spending.total > self.amount
        over_hours = self.hours is not None and self.spending.minutes > self.hours * HOUR
        return over_money or over_hours

    @property
    def tone(self) -> str:
        """Return how it shows: bad once exceeded, warn from 80 %."""
        if self.is_exceeded:
            return "bad"
        return "warn" if self.used is not None and self.used >= WARNED_AT else ""


def share(part: int, whole: int | None) -> int | None:
    """Return a part of a whole in percent, half up; None when the whole is nothing."""
    return round_half_up(Fraction(part * 100, whole)) if whole else None


def worth_of(rates: Iterable[HourRate]) -> Case:
    """Return the expression of what an hour of an entry is worth; zero when no rate holds.

    The closest rate wins: of the person on the project, of the project, of the person, of all;
    among those the latest that has begun. It is that of billing.sources.hours.rate_of.
    """
    cases = []
    for rate in sorted(rates, key=_closeness, reverse=True):
        when = Q(project__currency=rate.currency)
        if rate.project_id is not None:
            when &= Q(project_id=rate.project_id)
        if rate.user_id is not None:
            when &= Q(user_id=rate.user_id)
        if rate.valid_from is not None:
            when &= Q(spent_on__gte=rate.valid_from)
        cases.append(When(when, then=Value(rate.amount)))
    return Case(*cases, default=Value(0), output_field=BigIntegerField())


def _closeness(rate: HourRate) -> tuple[bool, bool, date]:
    return rate.project_id is not None, rate.user_id is not None, rate.valid_from or date.min


def summed(entries: QuerySet[TimeEntry], rates: Iterable[HourRate]) -> QuerySet[Any]:
    """Return entries summed by project: minutes, costs, and minutes × rate still to be divided."""
    return (
        entries.order_by()
        .values("project_id")
        .annotate(
            all_minutes=Sum("minutes"),
            all_costs=Sum("cost"),
            rated=Sum(F("minutes") * worth_of(rates), output_field=BigIntegerField()),
        )
    )


def spending_of(
    project_ids: Sequence[int], first: date | None = None, last: date | None = None
) -> dict[int, Spending]:
    """Return what projects spent, between two days or in all. One query, and the rates."""
    entries = TimeEntry.objects.filter(project__in=project_ids)
    if first is not None:
        entries = entries.filter(spent_on__gte=first)
    if last is not None:
        entries = entries.filter(spent_on__lte=last)
    return {row["project_id"]: spending(row) for row in summed(entries, hour_rates())}


def spending(row: dict[str, Any]) -> Spending:
    """Return a row of `summed` as a spending."""
    worth = round_half_up(Fraction(row["rated"] or 0, HOUR))
    return Spending(row["all_minutes"] or 0, row["all_costs"] or 0, worth)


def budgets_of(projects: Sequence[Project]) -> dict[int, Budget]:
    """Return the budget of each project with what it used. One query and a hook's."""
    found = spending_of([project.pk for project in projects])
    return {
        project.pk: Budget(project.budget, project.budget_hours, found.get(project.pk, Spending()))
        for project in projects
    }
