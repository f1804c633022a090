"""The workload of the team, read in a fixed number of queries whatever its size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, Sum

from portal.projects.models import Task, TimeEntry
from portal.workload.calendar_days import open_days
from portal.workload.models import Absence, WorkPattern
from portal.workload.planning import (
    Away,
    Load,
    Pattern,
    Planned,
    Spread,
    capacity_of,
    loads_of,
    monday_of,
    spread,
)

WEEK = timedelta(days=7)
MOST_TASKS = 5000


@dataclass(frozen=True)
class TeamLoad:
    """Who has how much in which week, and where it comes from."""

    people: Sequence[Any]
    weeks: Sequence[date]
    loads: dict[tuple[int, date], Load]
    found: Spread
    tasks: dict[int, Task]
    unestimated: dict[int, int]

    def over(self, week: date) -> list[Any]:
        """Return who has more than they can do in a week."""
        return [one for one in self.people if self.loads[one.pk, week].is_over]

    def total(self, week: date) -> Load:
        """Return the load of the whole team in a week."""
        found = [self.loads[one.pk, week] for one in self.people]
        return Load(sum(one.planned for one in found), sum(one.capacity for one in found))


def read_load(today: date, weeks: int) -> TeamLoad:
    """Return the load of the team from this week on. Six queries."""
    mondays = [monday_of(today) + WEEK * step for step in range(weeks)]
    people = list(
        get_user_model()
        .objects.filter(is_staff=True, is_active=True)
        .order_by("first_name", "last_name", "pk")
    )
    time_of = _time_of(mondays[0], open_days())
    tasks = {task.pk: task for task in _open_tasks()}
    spent = _spent(list(tasks))
    works = [
        Planned(
            key=task.pk,
            person=task.assignee_id,
            minutes=max(task.estimate - spent.get(task.pk, 0), 0),
            start=task.start_date,
            due=task.due_date,
        )
        for task in tasks.values()
        if task.assignee_id is not None and task.estimate
    ]
    found = spread(works, today, lambda person, day: time_of(person, day) > 0)
    capacities = {
        (one.pk, monday): sum(time_of(one.pk, monday + timedelta(days=day)) for day in range(7))
        for one in people
        for monday in mondays
    }
    unestimated: dict[int, int] = {}
    for task in tasks.values():
        if not task.estimate and task.assignee_id is not None:
            unestimated[task.assignee_id] = unestimated.get(task.assignee_id, 0) + 1
    loads = loads_of([one.pk for one in people], mondays, found, capacities)
    return TeamLoad(people, mondays, loads, found, tasks, unestimated)


def _open_tasks() -> Sequence[Task]:
    rows = Task.objects.filter(archived_at=None, assignee__is_staff=True)
    rows = rows.exclude(status=Task.Status.DONE).select_related("project")
    rows = rows.only(
        "title", "estimate", "start_date", "due_date", "assignee_id", "status", "version",
        "priority", "project__title",
    )  # fmt: skip
    return list(rows.order_by("due_date", "pk")[:MOST_TASKS])


def _spent(keys: Sequence[int]) -> dict[int, int]:
    rows = TimeEntry.objects.filter(task__in=keys).order_by().values("task")
    return dict(rows.annotate(total=Sum("minutes")).values_list("task", "total"))


def _time_of(first: date, is_open: Callable[[date], bool]) -> Callable[[int, date], int]:
    """Return what tells the minutes somebody has on a day. Two queries; days are kept."""
    patterns: dict[int, list[Pattern]] = {}
    for row in WorkPattern.objects.all():
        patterns.setdefault(row.user_id, []).append(Pattern(row.valid_from, row.minutes))
    absences: dict[int, list[Away]] = {}
    for away in Absence.objects.filter(Q(ends_on__gte=first)):
        absences.setdefault(away.user_id, []).append(
            Away(away.starts_on, away.ends_on, away.is_half)
        )
    known: dict[tuple[int, date], int] = {}

    def minutes(person: int, day: date) -> int:
        if (person, day) not in known:
            theirs = patterns.get(person, ()), absences.get(person, ())
            known[person, day] = capacity_of(day, *theirs, is_open)
        return known[person, day]

    return minutes
