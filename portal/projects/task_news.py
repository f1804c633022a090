"""Telling people of a task: those of the client as they wish, the team by mail."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.access.grants import holders
from core.access.roles import Grant
from core.notify.announcing import announce
from core.notify.events import declare_event
from core.notify.staff_events import declare_staff_event
from core.notify.team import tell_staff, tell_team
from core.ui.formats import date_long
from portal.projects.models import Task, TaskComment, TaskMove

COMMENT, ASSIGNED, REVIEW, DONE = "task_comment", "task_assigned", "task_review", "task_done"
GROUP, GRANT = _("Tâches"), Grant.VIEW_PROJECTS
LONGEST = 300

declare_event(ASSIGNED, label=_("Une tâche vous est assignée"), group=GROUP, grant=GRANT)
declare_event(COMMENT, label=_("Nouveau message sur une tâche"), group=GROUP, grant=GRANT)
declare_event(REVIEW, label=_("Tâche à valider"), group=GROUP, grant=GRANT)
declare_event(DONE, label=_("Tâche terminée"), group=GROUP, grant=GRANT, mails=False)
declare_staff_event(ASSIGNED, label=_("Une tâche m’est assignée"), group=GROUP)


def followers(task: Task) -> QuerySet:
    """Return those of the client who do a task or spoke of it, and may still read it."""
    readers = holders(Grant.VIEW_PROJECTS, task.client_id, project_id=task.project_id)
    spoke = task.comments.values("author")
    return readers.filter(Q(pk=task.assignee_id) | Q(pk__in=spoke), is_staff=False)


def tell_comment(*, task: Task, comment: TaskComment, actor: Any) -> None:
    """Tell the client’s followers of a comment; the team too, when the client wrote it."""
    facts = {"author": str(actor), "title": task.title}
    detail = comment.body[:LONGEST]
    if task.is_shared:
        announce(
            COMMENT,
            client_id=task.client_id,
            to=followers(task),
            text=format_lazy(_("{author} a écrit sur la tâche « {title} »."), **facts),
            url=reverse("projects:task", args=[task.pk]),
            key=str(comment.pk),
            detail=detail,
            actor=actor,
        )
    if not actor.is_staff:
        text = format_lazy(
            _("{author} ({client}) a écrit sur la tâche « {title} »."), **facts, **_of(task)
        )
        _tell_team(COMMENT, task, text, key=f"{comment.pk}", detail=detail)


def tell_files(*, task: Task, names: list[str], actor: Any) -> None:
    """Tell the team of files that the client joined."""
    if actor.is_staff or not names:
        return
    facts = {"author": str(actor), "title": task.title, **_of(task)}
    text = format_lazy(
        _("{author} ({client}) a joint des fichiers à la tâche « {title} »."), **facts
    )
    last = task.attachments.order_by("-pk").values_list("pk", flat=True).first()
    _tell_team("task_files", task, text, key=str(last), detail=", ".join(names)[:LONGEST])


def tell_move(*, task: Task, move: TaskMove, actor: Any) -> None:
    """Tell of a task that waits for a word, or is done: the other side of who moved it."""
    wordings = {
        Task.Status.REVIEW: (REVIEW, _("La tâche « {title} » est à valider.")),
        Task.Status.DONE: (DONE, _("La tâche « {title} » est terminée.")),
    }
    if move.to_status not in wordings:
        return
    event, wording = wordings[Task.Status(move.to_status)]
    if not actor.is_staff:
        text = format_lazy(
            _("{author} ({client}) a mis la tâche « {title} » dans « {state} »."),
            author=str(actor),
            title=task.title,
            state=Task.Status(move.to_status).label,
            **_of(task),
        )
        _tell_team(event, task, text, key=str(move.pk))
    elif task.is_shared:
        announce(
            event,
            client_id=task.client_id,
            to=followers(task),
            text=format_lazy(wording, title=task.title),
            url=reverse("projects:task", args=[task.pk]),
            key=str(move.pk),
            actor=actor,
        )


def tell_assigned(*, task: Task, actor: Any) -> None:
    """Tell somebody of the team, or of the client, that a task is theirs now."""
    if task.assignee_id is None or task.status == Task.Status.DONE:
        return
    if task.assignee.is_staff:
        _tell_doer(task, actor)
        return
    if not task.is_shared:
        return
    people = get_user_model().objects.filter(pk=task.assignee_id, is_staff=False, is_active=True)
    announce(
        ASSIGNED,
        client_id=task.client_id,
        to=people,
        text=format_lazy(_("La tâche « {title} » vous est assignée."), title=task.title),
        url=reverse("projects:task", args=[task.pk]),
        key=f"{task.pk}:{task.assignee_id}:{task.version}",
        detail=task.body[:LONGEST],
        actor=actor,
    )


def _tell_doer(task: Task, actor: Any) -> None:
    facts = {"title": task.title, "project": task.project.title}
    due = _("Échéance : {day}.").format(day=date_long(task.due_date)) if task.due_date else ""
    tell_staff(
        ASSIGNED,
        to=[task.assignee],
        text=format_lazy(_("La tâche « {title} » ({project}) vous est assignée."), **facts),
        detail=due,
        url=reverse("wagtailsnippets_projects_task:inspect", args=[task.pk]),
        key=f"{task.pk}:{task.assignee_id}:{task.version}",
        client_id=task.client_id,
        actor=actor,
    )


def _of(task: Task) -> dict[str, str]:
    return {"client": str(task.project.client)}


def _tell_team(event: str, task: Task, text: Any, *, key: str, detail: str = "") -> None:
    """Tell by mail who of the team does the task; else whoever follows the client."""
    doer = task.assignee
    tell_team(
        event,
        client_id=task.client_id,
        text=text,
        url=reverse("wagtailsnippets_projects_task:inspect", args=[task.pk]),
        key=key,
        to=[doer.email] if doer is not None and doer.is_staff else None,
        detail=detail,
    )
