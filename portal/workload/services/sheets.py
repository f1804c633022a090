"""The week of a person as a sheet: tasks down, days across, minutes in each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.access.row_guard import require_view
from core.audit.log import record
from core.hooks import time_standing
from core.ui.formats import date_weekday
from portal.projects.models import Project, Task, TimeEntry
from portal.projects.signals import time_kept
from portal.workload.durations import DAY, duration_text, spread_change

WEEK = 7
MOST_ROWS = 60


class LockedWeek(ValidationError):
    """The time of a project in a week is on an invoice."""


@dataclass(frozen=True)
class Row:
    """What a line of the sheet is about: a task, or the project as a whole."""

    project_id: int
    task_id: int | None


@dataclass(frozen=True)
class Cell:
    """A cell as typed: a line, a day, minutes."""

    row: Row
    on: date
    minutes: int


def entries_of(user: Any, monday: date) -> QuerySet[TimeEntry]:
    """Return the time of somebody in a week, with its project and task."""
    rows = TimeEntry.objects.filter(
        user=user, spent_on__gte=monday, spent_on__lt=monday + timedelta(days=WEEK), minutes__gt=0
    )
    return rows.select_related("project", "task").order_by("spent_on", "pk")


def locked_projects(monday: date, project_ids: Sequence[int]) -> set[int]:
    """Return the projects whose time of a week is on an invoice, were it of one person only."""
    rows = TimeEntry.objects.filter(
        project__in=project_ids,
        spent_on__gte=monday,
        spent_on__lt=monday + timedelta(days=WEEK),
        minutes__gt=0,
    )
    found = dict(rows.values_list("pk", "project_id"))
    standing = time_standing(list(found))
    return {found[key] for key, state in standing.items() if state == "billed"}


@transaction.atomic
def save_week(
    *,
    user: Any,
    monday: date,
    cells: Sequence[Cell],
    is_billable: Mapping[Row, bool],
    actor: Any,
    at: datetime,
) -> int:
    """Write the cells of a week that changed; return how many.

    A cell holds what its entries add up to: more goes to the last of them, less is taken from the
    last ones, and an entry without minutes goes away.

    :raises LockedWeek: if the week of a project is on an invoice.
    :raises ValidationError: if a day would hold more than twenty-four hours.
    """
    kept = list(entries_of(user, monday).select_for_update(of=("self",)))
    changed = [cell for cell in cells if cell.minutes != sum(e.minutes for e in _of(kept, cell))]
    marked = _mark(kept, is_billable, actor, at)
    if not changed:
        return marked
    _refuse_full_days(kept, changed)
    locked = locked_projects(monday, sorted({cell.row.project_id for cell in changed}))
    if locked:
        titles = Project.objects.filter(pk__in=locked).values_list("title", flat=True)
        text = _("Le temps de cette semaine est déjà facturé pour : %(titles)s.")
        raise LockedWeek(text % {"titles": ", ".join(sorted(titles))})
    for cell in changed:
        _write(user, cell, _of(kept, cell), is_billable.get(cell.row, True), actor, at)
    return len(changed) + marked


@transaction.atomic
def add_time(
    *,
    task: Task,
    user: Any,
    on: date,
    minutes: int,
    note: str = "",
    started_at: datetime | None = None,
    is_billable: bool = True,
    actor: Any,
    at: datetime,
) -> TimeEntry:
    """Note time spent on a task; `started_at` is when it began, if the person says so.

    :raises PermissionDenied: if the person may not read the task.
    :raises LockedWeek: if that week of the project is on an invoice.
    :raises ValidationError: if it is nothing, or the day would hold more than a day.
    """
    require_view(actor, task)
    monday = on - timedelta(days=on.weekday())
    if minutes <= 0:
        raise ValidationError(_("Dites combien de temps."))
    if locked_projects(monday, [task.project_id]):
        raise LockedWeek(_("Le temps de cette semaine est déjà facturé pour ce projet."))
    cell = Cell(Row(task.project_id, task.pk), on, minutes)
    _refuse_full_days(list(entries_of(user, monday)), [cell], adds=True)
    end = started_at + timedelta(minutes=minutes) if started_at else None
    entry = TimeEntry.objects.create(
        project=task.project,
        task=task,
        user=user,
        spent_on=on,
        minutes=minutes,
        note=note,
        started_at=started_at,
        ended_at=end,
    )
    time_kept.send(TimeEntry, entry=entry, is_billable=is_billable, actor=actor, at=at)
    record("time_kept", entry, actor=actor, minutes=minutes)
    return entry


def overlaps_of(entry: TimeEntry) -> QuerySet[TimeEntry]:
    """Return the other entries of the same person whose hours meet those of an entry."""
    rows = TimeEntry.objects.filter(user_id=entry.user_id).exclude(pk=entry.pk)
    if entry.started_at is None or entry.ended_at is None:
        return rows.none()
    rows = rows.filter(started_at__lt=entry.ended_at, ended_at__gt=entry.started_at)
    return rows.select_related("task", "project").order_by("started_at")


def rows_of_week(user: Any, monday: date) -> list[Row]:
    """Return what somebody worked on in a week, to begin the next one with."""
    found = entries_of(user, monday).order_by().values_list("project_id", "task_id").distinct()
    return [Row(*keys) for keys in sorted(found, key=lambda one: (one[0], one[1] or 0))]


def _mark(
    kept: Sequence[TimeEntry], is_billable: Mapping[Row, bool], actor: Any, at: datetime
) -> int:
    """Have the entries of a line be billable or not, as it was ticked; return how many changed."""
    standing = time_standing([entry.pk for entry in kept])
    marked = 0
    for entry in kept:
        wanted = is_billable.get(Row(entry.project_id, entry.task_id))
        state = standing.get(entry.pk, "")
        if wanted is None or state == "billed" or wanted == (state != "offered"):
            continue
        time_kept.send(TimeEntry, entry=entry, is_billable=wanted, actor=actor, at=at)
        marked += 1
    return marked


def _of(entries: Sequence[TimeEntry], cell: Cell) -> list[TimeEntry]:
    return [
        entry
        for entry in entries
        if (entry.project_id, entry.task_id) == (cell.row.project_id, cell.row.task_id)
        and entry.spent_on == cell.on
    ]


def _refuse_full_days(
    kept: Sequence[TimeEntry], changed: Sequence[Cell], *, adds: bool = False
) -> None:
    """Refuse days of more than twenty-four hours."""
    days: dict[date, int] = {}
    for entry in kept:
        days[entry.spent_on] = days.get(entry.spent_on, 0) + entry.minutes
    for cell in changed:
        before = 0 if adds else sum(entry.minutes for entry in _of(kept, cell))
        days[cell.on] = days.get(cell.on, 0) + cell.minutes - before
    for day, minutes in sorted(days.items()):
        if minutes > DAY:
            text = _("Le %(day)s compterait %(time)s : un jour a vingt-quatre heures.")
            facts = {"day": date_weekday(day), "time": duration_text(minutes)}
            raise ValidationError(text % facts)


def _write(
    user: Any,
    cell: Cell,
    entries: Sequence[TimeEntry],
    is_billable: bool,
    actor: Any,
    at: datetime,
) -> None:
    if not entries:
        entry = TimeEntry.objects.create(
            project=Project.objects.get(pk=cell.row.project_id),
            task_id=cell.row.task_id,
            user=user,
            spent_on=cell.on,
            minutes=cell.minutes,
        )
        time_kept.send(TimeEntry, entry=entry, is_billable=is_billable, actor=actor, at=at)
        record("time_kept", entry, actor=actor, minutes=cell.minutes)
        return
    parts = spread_change([entry.minutes for entry in entries], cell.minutes)
    for entry, minutes in zip(entries, parts, strict=True):
        if minutes == entry.minutes:
            continue
        changes = {"minutes": [entry.minutes, minutes]}
        record("time_kept", entry, actor=actor, changes=changes)
        if not minutes and not entry.cost:
            entry.delete()
            continue
        entry.minutes = minutes
        entry.save(update_fields=["minutes"])
