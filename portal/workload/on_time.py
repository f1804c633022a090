"""How many tasks and milestones were finished by their day, month of the due date by month.

What is due later than today counts only once it is finished; what is late and not finished counts
as not kept. What has no date, or was archived unfinished, says nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate

from portal.projects.models import Milestone, Task

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Count:
    """How many were kept, of those that were due."""

    kept: int
    due: int

    @property
    def share(self) -> Fraction | None:
        """Return the share kept in percent, exactly; None with nothing due."""
        return Fraction(self.kept * 100, self.due) if self.due else None


@dataclass(frozen=True)
class Month:
    """A month, and what was due in it."""

    first: date
    tasks: Count
    milestones: Count


@dataclass(frozen=True)
class Dated:
    """The due date of something, the day it was finished, if it was, and how many are so."""

    due: date
    done: date | None
    many: int = 1


def count_kept(rows: Iterable[Dated], on: date) -> Count:
    """Count what was finished by its day, of what was due by a day or finished already."""
    said = [row for row in rows if row.done is not None or row.due < on]
    kept = [row for row in said if row.done is not None and row.done <= row.due]
    return Count(sum(row.many for row in kept), sum(row.many for row in said))


def months_to(last: date, many: int) -> list[date]:
    """Return the first days of so many months, the month of a day being the last."""
    found = last.year * 12 + last.month - 1
    return [date(*_year_month(found - back)) for back in range(many - 1, -1, -1)]


def read_months(
    last: date,
    many: int,
    *,
    on: date,
    person_id: int | None = None,
    project_id: int | None = None,
) -> list[Month]:
    """Return the months up to a day, of everybody or of one person, of one project or all.

    Milestones are nobody's: with a person, none counts. Two queries.
    """
    firsts = months_to(last, many)
    after = (firsts[-1] + timedelta(days=32)).replace(day=1)
    within = Q(due_date__gte=firsts[0], due_date__lt=after)
    if project_id is not None:
        within &= Q(project_id=project_id)
    tasks = Task.objects.filter(within).exclude(archived_at__isnull=False, done_at=None)
    steps = Milestone.objects.filter(within)
    if person_id is not None:
        tasks, steps = tasks.filter(assignee_id=person_id), steps.none()
    found, reached = _by_month(tasks), _by_month(steps)
    return [
        Month(
            first,
            count_kept(found.get(first, ()), on),
            count_kept(reached.get(first, ()), on),
        )
        for first in firsts
    ]


def _by_month(rows: QuerySet[Any]) -> dict[date, list[Dated]]:
    """Return what is dated by month, counted per due date, day finished and status."""
    counted = rows.order_by().values("due_date", "status", done_on=TruncDate("done_at"))
    counted = counted.annotate(many=models.Count("pk"))
    found: dict[date, list[Dated]] = {}
    for row in counted:
        due, is_done = row["due_date"], row["status"] == Task.Status.DONE
        done = (row["done_on"] or due) if is_done else None
        found.setdefault(due.replace(day=1), []).append(Dated(due, done, row["many"]))
    return found


def _year_month(months: int) -> tuple[int, int, int]:
    year, month = divmod(months, 12)
    return year, month + 1, 1
