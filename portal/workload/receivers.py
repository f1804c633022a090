"""What follows from an act on a task: who follows it and who is named are told."""

from typing import Any

from django.dispatch import receiver

from core import rls
from portal.projects.signals import task_changed, task_said
from portal.workload import telling
from portal.workload.services.following import tell_mentioned

REASON = "workload: who follows a task is the team's, whoever acts"


@receiver(task_changed)
def follow_change(*, task: Any, actor: Any, changes: Any, is_new: bool, **_: Any) -> None:
    """Tell who follows a task of what changed; who is named in a new one, by the team."""
    with rls.staff(REASON):
        telling.tell_change(task, changes, actor=actor)
        if is_new and actor is not None and actor.is_staff:
            tell_mentioned(task.body, about=task, key=f"task:{task.pk}", actor=actor)


@receiver(task_said)
def follow_message(*, task: Any, body: str, actor: Any, key: str, **_: Any) -> None:
    """Tell who is named in a message of the team, and who follows the task."""
    with rls.staff(REASON):
        is_ours = actor is not None and actor.is_staff
        called = tell_mentioned(body, about=task, key=key, actor=actor) if is_ours else []
        telling.tell_said(task, body, actor=actor, key=key, besides=called)
