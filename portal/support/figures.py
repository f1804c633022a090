"""Figures of the support: promises kept, mean times, opinions. Each group is one query.

Merged requests count nowhere: the one they went to does. Means are of time that passed, nights
included: two requests solved in two and four hours make three.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from portal.support.models import Ticket
from portal.support.models.tickets import IS_OPEN

LOW = 2  # out of 5
MOST_ROWS = 50
MOST_LOW = 30


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both within, as moments: from the first to before the second."""

    start: date
    end: date
    first: datetime
    last: datetime


def of_period(period: Period) -> QuerySet[Ticket]:
    """Return the requests opened in a period."""
    rows = Ticket.objects.filter(created_at__gte=period.first, created_at__lt=period.last)
    return rows.filter(merged_into=None)


def _promises(now: datetime) -> dict[str, Any]:
    """Return the counts of promises: decided ones, and those of them that were kept."""
    answered = Q(answered_at__isnull=False)
    answer_over = Q(answer_due_at__isnull=False) & (
        answered | (IS_OPEN & Q(paused_at=None, answer_due_at__lt=now))
    )
    solution_over = Q(solution_due_at__isnull=False) & (
        Q(solved_at__isnull=False) | (IS_OPEN & Q(paused_at=None, solution_due_at__lt=now))
    )
    return {
        "total": Count("pk"),
        "answers": Count("pk", filter=answer_over),
        "answers_met": Count("pk", filter=answer_over & Q(answered_at__lte=F("answer_due_at"))),
        "solutions": Count("pk", filter=solution_over),
        "solutions_met": Count("pk", filter=solution_over & Q(solved_at__lte=F("solution_due_at"))),
        "late": Count("pk", filter=IS_OPEN & Q(next_due_at__lt=now)),
        "risk": Count("pk", filter=IS_OPEN & Q(warn_at__lte=now, next_due_at__gte=now)),
        "answer_mean": Avg(F("answered_at") - F("created_at"), filter=answered),
        "solution_mean": Avg(F("solved_at") - F("created_at"), filter=Q(solved_at__isnull=False)),
    }


def promises_by(period: Period, *fields: str, now: datetime) -> list[dict[str, Any]]:
    """Return the promises of a period by one thing, such as its policy; most breached first."""
    rows = of_period(period).order_by().values(*fields).annotate(**_promises(now))
    rows = rows.annotate(
        broken=F("solutions") - F("solutions_met") + F("answers") - F("answers_met")
    )
    return [_with_rates(row) for row in rows.order_by("-broken", "-total")[:MOST_ROWS]]


def promises_of(period: Period, *, now: datetime) -> dict[str, Any]:
    """Return the promises of a whole period."""
    return _with_rates(of_period(period).aggregate(**_promises(now)))


def promises_by_month(period: Period, *, now: datetime) -> list[dict[str, Any]]:
    """Return the promises of each month of a period in which something was opened."""
    rows: Any = of_period(period).order_by().annotate(month=TruncMonth("created_at"))
    return [
        _with_rates(row)
        for row in rows.values("month").annotate(**_promises(now)).order_by("month")
    ]


def _with_rates(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "answer_rate": rate(row["answers_met"], row["answers"]),
        "solution_rate": rate(row["solutions_met"], row["solutions"]),
    }


def rate(part: int, whole: int) -> int | None:
    """Return a share out of a hundred, rounded half up; None of nothing."""
    return (part * 200 + whole) // (whole * 2) if whole else None


def mean_times(rows: QuerySet[Ticket]) -> tuple[timedelta | None, timedelta | None]:
    """Return the mean times to a first answer and to a solution, of those that had one."""
    means = rows.aggregate(
        answer=Avg(F("answered_at") - F("created_at")),
        solution=Avg(F("solved_at") - F("created_at")),
    )
    return means["answer"], means["solution"]


# --- Opinions -----------------------------------------------------------------------------------


def rated_in(period: Period) -> QuerySet[Ticket]:
    """Return the requests of which somebody said how they went, in a period."""
    rows = Ticket.objects.filter(rating__isnull=False)
    return rows.filter(rated_at__gte=period.first, rated_at__lt=period.last)


def opinions(period: Period) -> dict[str, Any]:
    """Return the mean of the opinions of a period, how many of each, and how many were asked."""
    marks = {f"mark_{mark}": Count("pk", filter=Q(rating=mark)) for mark in range(1, 6)}
    found = rated_in(period).aggregate(mean=Avg("rating"), total=Count("pk"), **marks)
    asked = Ticket.objects.filter(
        solved_at__gte=period.first, solved_at__lt=period.last, merged_into=None
    ).count()
    return found | {"asked": asked, "share": rate(min(found["total"], asked), asked)}


def opinions_by(period: Period, *fields: str) -> list[dict[str, Any]]:
    """Return the mean opinion by one thing, such as who followed the request; lowest first."""
    rows = rated_in(period).order_by().values(*fields)
    rows = rows.annotate(
        mean=Avg("rating"), total=Count("pk"), low=Count("pk", filter=Q(rating__lte=LOW))
    )
    return list(rows.order_by("mean", "-total")[:MOST_ROWS])


def opinions_by_month(period: Period) -> list[dict[str, Any]]:
    """Return the mean opinion of each month of a period that has some."""
    rows: Any = rated_in(period).order_by().annotate(month=TruncMonth("rated_at")).values("month")
    return list(rows.annotate(mean=Avg("rating"), total=Count("pk")).order_by("month"))


def low_opinions(period: Period) -> list[Ticket]:
    """Return the last low opinions of a period, with what was made of them."""
    rows = rated_in(period).filter(rating__lte=LOW)
    rows = rows.select_related("client", "assignee", "corrective_task__assignee")
    return list(rows.defer("client__search_vector").order_by("-rated_at")[:MOST_LOW])
