"""What the team changes of tasks outside of their page: in lists, on boards, many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.projects.models import Milestone, Project, Task
from portal.projects.services.tasks import StaleTask, locked_task, note_task

EDITED = frozenset(
    {"title", "status", "priority", "assignee", "milestone", "start_date", "due_date", "estimate"}
)
LONGEST_SHIFT = 3650  # days
MOST_RANKED = 500


@dataclass(frozen=True)
class Edition:
    """What many tasks become: each field only when it is given."""

    values: Mapping[str, Any]
    shift_days: int = 0
    archive: bool | None = None

    @property
    def is_empty(self) -> bool:
        return not self.values and not self.shift_days and self.archive is None


@transaction.atomic
def create_task(
    *,
    project: Project,
    title: str,
    actor: Any,
    at: datetime,
    body: str = "",
    assignee: Any = None,
    milestone: Milestone | None = None,
    start_date: date | None = None,
    due_date: date | None = None,
    priority: int = Task.Priority.NORMAL,
    estimate: int = 0,
    is_shared: bool = False,
) -> Task:
    """Make a task of a project; who does it is told. `estimate` is in minutes.

    :raises ValidationError: if its due date comes before its start, or the milestone is of
        another project.
    """
    _refuse_dates(start_date, due_date)
    if milestone is not None and milestone.project_id != project.pk:
        raise ValidationError(_("Ce jalon n’est pas de ce projet."))
    task = Task.objects.create(
        project=project,
        title=title,
        body=body,
        assignee=assignee,
        milestone=milestone,
        start_date=start_date,
        due_date=due_date,
        priority=priority,
        estimate=estimate,
        is_shared=is_shared,
    )
    note_task(task=task, actor=actor, at=at, is_new=True)
    return task


@transaction.atomic
def change_task(
    *, task: Task, values: Mapping[str, Any], seen: int | None = None, actor: Any, at: datetime
) -> Task:
    """Change some fields of a task; return it as it is now.

    `seen` is the version that the person saw, if the page said it.

    :raises StaleTask: if somebody else changed it since.
    :raises ValidationError: if a field cannot be changed here, a value is wrong, or the due date
        would come before the start.
    """
    row = locked_task(task)
    if seen is not None and row.version != seen:
        raise StaleTask(row)
    if set(values) - EDITED:
        raise ValidationError(_("Ce champ ne se change pas ici."))
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    _refuse_dates(row.start_date, row.due_date)
    row.clean_fields(exclude={field.name for field in Task._meta.fields} - set(changed))
    _refuse_assignee(row, changed)
    row.version += 1
    row.save(update_fields=[*changed, "version", "updated_at"])
    note_task(task=row, actor=actor, at=at)
    return row


@transaction.atomic
def shift_task(*, task: Task, days: int, actor: Any, at: datetime) -> Task:
    """Move the start and the due date of a task by some days, forward or back.

    :raises ValidationError: if it has no date, or goes out of the calendar.
    """
    row = locked_task(task)
    if row.due_date is None and row.start_date is None:
        raise ValidationError(_("Cette tâche n’a pas de date à décaler."))
    if abs(days) > LONGEST_SHIFT:
        raise ValidationError(_("Le décalage est de dix ans au plus."))
    step = timedelta(days=days)
    values = {
        name: getattr(row, name) + step
        for name in ("start_date", "due_date")
        if getattr(row, name) is not None
    }
    return change_task(task=row, values=values, actor=actor, at=at)


@transaction.atomic
def archive_task(*, task: Task, is_archived: bool, actor: Any, at: datetime) -> Task:
    """Put a task away, or bring it back: archived, it leaves the lists of team and client."""
    row = locked_task(task)
    if (row.archived_at is not None) == is_archived:
        return row
    row.archived_at = at if is_archived else None
    row.version += 1
    row.save(update_fields=["archived_at", "version", "updated_at"])
    note_task(task=row, actor=actor, at=at)
    return row


@transaction.atomic
def edit_tasks(
    *, tasks: Sequence[Task], edition: Edition, actor: Any, at: datetime
) -> tuple[int, list[tuple[Task, str]]]:
    """Change many tasks alike; return how many changed, and those refused with the reason."""
    done, refused = 0, []
    for task in sorted(tasks, key=lambda one: one.pk):  # one order, so that two people never block
        before = task.version
        try:
            with transaction.atomic():
                row = _edited(task, edition, actor, at)
        except ValidationError as error:
            refused.append((task, " ".join(error.messages)))
        else:
            done += row.version != before
    return done, refused


@transaction.atomic
def rank_task(*, task: Task, shown: Sequence[int], after: int | None, actor: Any) -> None:
    """Put a task under another among those shown, in the order of the team's lists.

    `shown` are the ids of the tasks as the person saw them, first to last; `after` is the id
    above, or nothing for the top.
    """
    others = [pk for pk in shown[:MOST_RANKED] if pk != task.pk]
    place = others.index(after) + 1 if after in others else 0
    order = [*others[:place], task.pk, *others[place:]]
    Task.objects.bulk_update(
        [Task(pk=pk, team_rank=rank) for rank, pk in enumerate(order, start=1)],
        ["team_rank"],
        batch_size=500,
    )


def _edited(task: Task, edition: Edition, actor: Any, at: datetime) -> Task:
    row = change_task(task=task, values=edition.values, actor=actor, at=at)
    if edition.shift_days:
        row = shift_task(task=row, days=edition.shift_days, actor=actor, at=at)
    if edition.archive is not None:
        row = archive_task(task=row, is_archived=edition.archive, actor=actor, at=at)
    return row


def _refuse_dates(start: date | None, due: date | None) -> None:
    if start and due and due < start:
        raise ValidationError(_("L’échéance ne peut pas précéder le début."))


def _refuse_assignee(task: Task, changed: Mapping[str, Any]) -> None:
    """Refuse to give a task to somebody of another client, or who has left."""
    person = changed.get("assignee")
    if person is None or (person.is_staff and person.is_active):
        return
    is_member = person.memberships.filter(client_id=task.client_id).exists()
    if not (person.is_active and is_member):
        text = _("%(person)s n’est ni de l’équipe ni de ce client.")
        raise ValidationError(text % {"person": person})
