"""What follows from changes to projects and milestones, and the project a person looks at."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core.audit.log import record
from portal.projects import telling
from portal.projects.models import Milestone, Project, ProjectChoice


@transaction.atomic
def note_project(*, project: Project, actor: Any, is_new: bool, at: datetime) -> None:
    """Log a change, tell the client of new statuses, and ask for marks of what is delivered."""
    record("project_opened" if is_new else "project_changed", project, actor=actor)
    if is_new:
        telling.tell_new_project(project, actor=actor)
    elif project.told_status != project.status:
        telling.tell_project_status(project, actor=actor)
    if project.status == Project.Status.DELIVERED and project.delivered_at is None:
        project.delivered_at = at
        telling.tell_survey(project)
    project.told_status = project.status
    project.save(update_fields=["told_status", "delivered_at"])
    for milestone in project.milestones.all():
        _tell_status(milestone, actor=actor, at=at)
    telling.refresh_pages(project)


@transaction.atomic
def note_milestone(
    *,
    milestone: Milestone,
    actor: Any,
    at: datetime,
    changes: Mapping[str, list[str]] | None = None,
) -> None:
    """Log a change of a milestone, note when it was done, and tell the client of its status.

    `changes` maps a field to its [before, after], when whoever calls knows them.
    """
    record("milestone_changed", milestone, actor=actor, changes=changes, status=milestone.status)
    _tell_status(milestone, actor=actor, at=at)
    telling.refresh_pages(milestone.project)


def _tell_status(milestone: Milestone, *, actor: Any, at: datetime) -> None:
    if milestone.told_status == milestone.status:
        return
    key = f"{milestone.pk}:{milestone.status}:{at.isoformat(timespec='seconds')}"
    telling.tell_milestone(milestone, key=key, actor=actor)
    done_at = at if milestone.status == Milestone.Status.DONE else None
    Milestone.objects.filter(pk=milestone.pk).update(told_status=milestone.status, done_at=done_at)


@transaction.atomic
def choose_project(*, project: Project, user: Any, at: datetime) -> ProjectChoice:
    """Remember the project that a person looks at, among those of its client."""
    choice, _is_new = ProjectChoice.objects.update_or_create(
        user=user, client_id=project.client_id, defaults={"project": project, "chosen_at": at}
    )
    return choice
