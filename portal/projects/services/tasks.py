"""Every change to a task: where it stands, what is ticked, said and joined."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.access.grants import may, require
from core.access.roles import Grant
from core.audit.log import record
from core.files.uploads import Attachment, take
from core.live.publishing import tell
from portal.projects import task_news
from portal.projects.models import ChecklistItem, Task, TaskAttachment, TaskComment, TaskMove
from portal.projects.signals import task_changed, task_said
from portal.projects.task_queries import BOARD_ORDER


class StaleTask(Exception):
    """Somebody else moved the task since the person read it."""

    def __init__(self, task: Task):
        super().__init__(task.pk)
        self.task = task


def may_act(user: Any, task: Task) -> bool:
    """Tell whether a person may move a task and tick its steps: it is done at their client."""
    return task.is_of_client and may(user, Grant.TAKE_PART, task.client_id)


def refuse_fields(given: Iterable[str], allowed: Iterable[str]) -> None:
    """Refuse a form that says more of a task than a client may: who does it, how pressing it is.

    :raises PermissionDenied: if a field is not among those allowed.
    """
    foreign = set(given) - set(allowed)
    if foreign:
        raise PermissionDenied(f"not a client's to say: {', '.join(sorted(foreign))}")


@transaction.atomic
def move_task(
    *, task: Task, status: str, seen: str, after: int | None, actor: Any, at: datetime
) -> Task:
    """Move a task of the client to a column, or within it.

    `seen` is the column the person saw it in, or nothing; `after` the id of the task it goes
    under, 0 for the top of the column, None when the person did not say.

    :raises PermissionDenied: if the task is not done at the person's client.
    :raises StaleTask: if it has left the column where the person saw it.
    """
    row = locked_task(task)
    if not may_act(actor, row):
        raise PermissionDenied("this task is not the client's to move")
    if seen and row.status not in (seen, status):
        raise StaleTask(row)
    before, row.status = row.status, status
    if before != status:
        row.place = None
        row.done_at = at if status == Task.Status.DONE else None
        row.version += 1
        row.save(update_fields=["status", "place", "done_at", "version", "updated_at"])
        _keep_move(row, before, actor, at)
        changes = {"status": [before, status]}
        task_changed.send(Task, task=row, actor=actor, changes=changes, is_new=False)
    if after is not None:
        _place(row, after, actor)
    tell("tasks", client_id=row.client_id, row=row.pk)
    return row


@transaction.atomic
def tick_step(*, step: ChecklistItem, is_done: bool, actor: Any) -> ChecklistItem:
    """Tick a step of a task of the client, or untick it.

    :raises PermissionDenied: if the task is not done at the person's client.
    """
    task = locked_task(step.task)
    if not may_act(actor, task):
        raise PermissionDenied("this step is not the client's to tick")
    step = ChecklistItem.objects.select_for_update().get(pk=step.pk)
    if step.is_done != is_done:
        step.is_done = is_done
        step.save(update_fields=["is_done"])
        changes = {step.label: [not is_done, is_done]}
        record("task_ticked", task, actor=actor, changes=changes)
        tell("tasks", client_id=task.client_id, row=task.pk)
    return step


@transaction.atomic
def add_comment(
    *, task: Task, body: str, files: Iterable[Attachment] = (), actor: Any, at: datetime
) -> TaskComment:
    """Say something of a task, from the client or from the team, with files.

    :raises PermissionDenied: if the person may not take part in the client's projects.
    :raises ValidationError: if a file cannot be kept.
    """
    _require_part(task, actor)
    comment = TaskComment.objects.create(task=task, author=actor, body=body)
    names = _keep_files(task, comment, files, actor)
    record("task_commented", task, actor=actor, text=body[:200], files=names)
    task_news.tell_comment(task=task, comment=comment, actor=actor)
    task_said.send(Task, task=task, body=body, actor=actor, key=f"comment:{comment.pk}")
    tell("tasks", client_id=task.client_id, row=task.pk)
    return comment


@transaction.atomic
def attach_files(*, task: Task, files: Iterable[Attachment], actor: Any) -> list[str]:
    """Join files to a task; return their names.

    :raises PermissionDenied: if the person may not take part in the client's projects.
    :raises ValidationError: if a file cannot be kept.
    """
    _require_part(task, actor)
    names = _keep_files(task, None, files, actor)
    record("task_files_joined", task, actor=actor, files=names)
    task_news.tell_files(task=task, names=names, actor=actor)
    tell("tasks", client_id=task.client_id, row=task.pk)
    return names


@transaction.atomic
def note_task(*, task: Task, actor: Any, at: datetime, is_new: bool = False) -> None:
    """Follow a save by the team: the moment it was done, the log, the move, who is told."""
    is_done = task.status == Task.Status.DONE
    if is_done != (task.done_at is not None):
        task.done_at = at if is_done else None
        task.save(update_fields=["done_at"])
    record("task_saved", task, actor=actor, status=task.status)
    before = getattr(task, "as_read", {})
    if not is_new and before.get("status", task.status) != task.status:
        Task.objects.filter(pk=task.pk).update(place=None)
        _keep_move(task, before["status"], actor, at)
    if is_new or before.get("assignee_id", task.assignee_id) != task.assignee_id:
        task_news.tell_assigned(task=task, actor=actor)
    changes = {} if is_new else task.changed_since_read()
    if is_new or changes:
        task_changed.send(Task, task=task, actor=actor, changes=changes, is_new=is_new)
    tell("tasks", client_id=task.client_id, row=task.pk)


@transaction.atomic
def note_comment(*, comment: TaskComment, actor: Any, is_new: bool) -> None:
    """Follow a message that the team kept by hand: the log, and the client when it is new."""
    record("task_commented", comment.task, actor=actor, text=comment.body[:200])
    if is_new:
        task_news.tell_comment(task=comment.task, comment=comment, actor=actor)
        facts = {"body": comment.body, "actor": actor, "key": f"comment:{comment.pk}"}
        task_said.send(Task, task=comment.task, **facts)
    tell("tasks", client_id=comment.client_id, row=comment.task_id)


def locked_task(task: Task) -> Task:
    """Return a task as it is now, held until the end of the transaction."""
    rows = Task.objects.select_for_update(of=("self",)).select_related("assignee", "project")
    return rows.get(pk=task.pk)


def _require_part(task: Task, actor: Any) -> None:
    """Let the team pass in its own screens; ask anybody else to take part in projects."""
    if not actor.is_staff:
        require(actor, Grant.TAKE_PART, task.client_id)


def _keep_move(task: Task, before: str, actor: Any, at: datetime) -> None:
    move = TaskMove.objects.create(
        task=task, actor=actor, from_status=before, to_status=task.status, moved_at=at
    )
    record("task_moved", task, actor=actor, changes={"status": [before, task.status]})
    task_news.tell_move(task=task, move=move, actor=actor)


def _keep_files(
    task: Task, comment: TaskComment | None, files: Iterable[Attachment], actor: Any
) -> list[str]:
    kept = take(files, client_id=task.client_id, actor=actor)
    for file in kept:
        TaskAttachment.objects.create(task=task, comment=comment, file=file)
    return [file.name for file in kept]


def _place(task: Task, after: int, actor: Any) -> None:
    """Put a task under another in its column: those above keep the order they are seen in."""
    column = Task.objects.visible_to(actor).filter(client_id=task.client_id, status=task.status)
    rows = list(column.exclude(pk=task.pk).order_by(*BOARD_ORDER).values_list("pk", "place"))
    keys = [pk for pk, _place in rows]
    end = keys.index(after) + 1 if after in keys else 0
    below = [pk for pk, place in rows[end:] if place is not None]
    order = [*keys[:end], task.pk, *below]
    places = [Task(pk=pk, place=place) for place, pk in enumerate(order, start=1)]
    Task.objects.bulk_update(places, ["place"], batch_size=500)
