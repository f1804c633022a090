"""Who of the team is told what of tasks: who follows them, who is named, who is overloaded.

Each function runs in the transaction of the act it tells of.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.notify.team import tell_staff
from core.ui.formats import date_long
from portal.projects.models import Project, Task
from portal.workload.models import RunningTimer, TeamNote

LONGEST = 300
NAMES = {
    "title": _("titre"),
    "status": _("statut"),
    "priority": _("priorité"),
    "assignee_id": _("assignée à"),
    "start_date": _("début"),
    "due_date": _("échéance"),
    "archived_at": _("archivage"),
}


def task_url(task: Task) -> str:
    """Return the path of the team's page of a task."""
    return reverse("wagtailsnippets_projects_task:inspect", args=[task.pk])


def watchers(task: Task) -> QuerySet:
    """Return the people of the team who follow a task."""
    people = get_user_model().objects.filter(is_staff=True, is_active=True)
    return people.filter(pk__in=task.watches.values("user"))


def tell_change(task: Task, changes: Mapping[str, Sequence[Any]], *, actor: Any) -> None:
    """Tell who follows a task of what changed."""
    if not changes:
        return
    people = [person for person in watchers(task) if person.pk != task.assignee_id]
    if "assignee_id" not in changes and task.assignee is not None and task.assignee.is_staff:
        people.append(task.assignee)
    words = " ; ".join(_change_text(task, name) for name in changes if name in NAMES)
    tell_staff(
        "task_changed",
        to=people,
        text=format_lazy(_("La tâche « {title} » a changé."), title=task.title),
        detail=words,
        url=task_url(task),
        key=f"{task.pk}:{task.version}:{'+'.join(sorted(changes))}",
        client_id=task.client_id,
        actor=actor,
        mails=False,
    )


def tell_said(task: Task, body: str, *, actor: Any, key: str, besides: Sequence[Any]) -> None:
    """Tell who follows a task of a message on it, but those already told."""
    told = {person.pk for person in besides} | {task.assignee_id}
    tell_staff(
        "task_said",
        to=[person for person in watchers(task) if person.pk not in told],
        text=format_lazy(
            _("{author} a écrit sur « {title} »."), author=str(actor), title=task.title
        ),
        detail=body[:LONGEST],
        url=task_url(task),
        key=key,
        client_id=task.client_id,
        actor=actor,
    )


def tell_note(note: TeamNote, *, besides: Sequence[Any]) -> None:
    """Tell who follows a task of a note of the team on it, but those named in it."""
    task = note.task
    if task is None:
        return
    told = {person.pk for person in besides}
    people = list(watchers(task))
    if task.assignee is not None and task.assignee.is_staff:
        people.append(task.assignee)
    tell_staff(
        "task_note",
        to=[person for person in people if person.pk not in told],
        text=format_lazy(
            _("{author} a noté sur « {title} »."), author=str(note.author), title=task.title
        ),
        detail=note.body[:LONGEST],
        url=task_url(task),
        key=str(note.pk),
        client_id=note.client_id,
        actor=note.author,
    )


def tell_mention(
    people: Sequence[Any], text: str, *, about: Task | Project, key: str, actor: Any
) -> None:
    """Tell people that they are named in a text."""
    name = "task" if isinstance(about, Task) else "project"
    tell_staff(
        "mention",
        to=people,
        text=format_lazy(
            _("{author} vous mentionne dans « {title} »."), author=str(actor), title=about.title
        ),
        detail=text[:LONGEST],
        url=reverse(f"wagtailsnippets_projects_{name}:inspect", args=[about.pk]),
        key=key,
        client_id=about.client_id,
        actor=actor,
    )


def tell_forgotten(timer: RunningTimer) -> None:
    """Ask somebody whose timer has run for too long how long it counts for."""
    tell_staff(
        "timer_forgotten",
        to=[timer.user],
        text=format_lazy(_("Votre chronomètre tourne toujours sur « {title} »."), title=str(timer)),
        detail=_("Dites le temps réellement passé."),
        url=reverse("time_timer"),
        key=f"{timer.pk}:{timer.resumed_at:%Y%m%d%H%M%S}",
        client_id=timer.client_id,
    )


def _change_text(task: Task, name: str) -> str:
    """Say what a field has become: « statut : Terminé »."""
    values: dict[str, Any] = {
        "title": task.title,
        "status": Task.Status(task.status).label,
        "priority": Task.Priority(task.priority).label,
        "assignee_id": task.assignee or _text("personne"),
        "start_date": date_long(task.start_date) if task.start_date else _text("aucun"),
        "due_date": date_long(task.due_date) if task.due_date else _text("aucune"),
        "archived_at": _text("archivée") if task.archived_at else _text("remise en cours"),
    }
    return f"{NAMES[name]}\u00a0: {values[name]}"
