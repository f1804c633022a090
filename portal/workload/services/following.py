"""Who follows a task, what the team says among itself, and which task waits for which."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.access.row_guard import require_view
from core.audit.log import record
from portal.projects.models import Project, Task
from portal.workload import telling
from portal.workload.mentions import mentioned
from portal.workload.models import TaskBlock, TaskWatch, TeamNote

MOST_BLOCKS = 2000  # links of a client looked through for a circle


@transaction.atomic
def watch_task(*, task: Task, user: Any) -> None:
    """Have somebody told of what changes on a task; twice changes nothing.

    :raises PermissionDenied: if they may not read it.
    """
    require_view(user, task)
    facts = {"client_id": task.client_id}
    TaskWatch.objects.get_or_create(task=task, user=user, defaults=facts)


@transaction.atomic
def unwatch_task(*, task: Task, user: Any) -> None:
    """Tell somebody no more of a task."""
    TaskWatch.objects.filter(task=task, user=user).delete()


@transaction.atomic
def add_note(
    *, project: Project, task: Task | None, body: str, actor: Any, at: datetime
) -> TeamNote:
    """Say something of a project or of a task, for the team alone; who is named is told.

    Whoever writes on a task follows it from then on.

    :raises ValidationError: if nothing is said, or the task is of another project.
    """
    if not body.strip():
        raise ValidationError(_("Écrivez d’abord votre note."))
    if task is not None and task.project_id != project.pk:
        raise ValidationError(_("Cette tâche n’est pas de ce projet."))
    note = TeamNote.objects.create(
        project=project, task=task, author=actor, body=body.strip(), created_at=at
    )
    record("team_note_written", task or project, actor=actor, text=body[:200])
    called = tell_mentioned(body, about=task or project, key=f"note:{note.pk}", actor=actor)
    if task is not None:
        watch_task(task=task, user=actor)
        telling.tell_note(note, besides=called)
    return note


def tell_mentioned(text: str, *, about: Task | Project, key: str, actor: Any) -> list[Any]:
    """Tell the people of the team named in a text, of those who may read what it is about."""
    if "@" not in text:
        return []
    people = {person.pk: person for person in readers()}
    keys = mentioned(text, [(pk, str(person)) for pk, person in people.items()])
    called = [people[pk] for pk in keys if pk != actor.pk]
    if called:
        telling.tell_mention(called, text, about=about, key=key, actor=actor)
    return called


def readers() -> Iterable[Any]:
    """Return the people of the team who may read tasks: those that may be named."""
    people = get_user_model().objects.filter(is_staff=True, is_active=True)
    people = people.prefetch_related("groups__permissions__content_type")
    return [person for person in people.order_by("first_name", "last_name") if _reads(person)]


@transaction.atomic
def block_task(*, task: Task, blocker: Task, actor: Any) -> None:
    """Have a task wait for another; twice changes nothing.

    :raises ValidationError: if it waits for itself, even through others, or the two are of
        different clients.
    """
    if task.client_id != blocker.client_id:
        raise ValidationError(_("Les deux tâches doivent être du même client."))
    Task.objects.select_for_update(of=("self",)).filter(client_id=task.client_id).order_by(
        "pk"
    ).values_list("pk", flat=True).first()  # one at a time for a client: two could close a circle
    if task.pk == blocker.pk or task.pk in _waiting_behind(blocker):
        raise ValidationError(_("Ces tâches s’attendraient l’une l’autre, sans fin."))
    facts = {"client_id": task.client_id}
    _row, is_new = TaskBlock.objects.get_or_create(task=task, blocker=blocker, defaults=facts)
    if is_new:
        record("task_blocked", task, actor=actor, blocker=str(blocker)[:200])


@transaction.atomic
def unblock_task(*, block: TaskBlock, actor: Any) -> None:
    """Have a task wait no more for another."""
    record("task_unblocked", block.task, actor=actor, blocker=str(block.blocker)[:200])
    block.delete()


def _waiting_behind(task: Task) -> set[int]:
    """Return every task that a task waits for, near or far."""
    links: dict[int, list[int]] = {}
    rows = TaskBlock.objects.filter(client_id=task.client_id)
    for waits, holds in rows.values_list("task_id", "blocker_id")[:MOST_BLOCKS]:
        links.setdefault(waits, []).append(holds)
    found: set[int] = set()
    ahead = list(links.get(task.pk, ()))
    while ahead:
        key = ahead.pop()
        if key not in found:
            found.add(key)
            ahead += links.get(key, ())
    return found


def _reads(person: Any) -> bool:
    if person.is_superuser:
        return True
    wanted = ("projects", "view_task")
    return any(
        (right.content_type.app_label, right.codename) == wanted
        for group in person.groups.all()
        for right in group.permissions.all()
    )
