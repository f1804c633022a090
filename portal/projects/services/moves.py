"""A project going from a status to another: which moves make sense, and delivering it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.audit.log import record
from portal.projects.models import Milestone, Project
from portal.projects.services.projects import note_milestone, note_project

Status = Project.Status
NEXT: dict[str, tuple[str, ...]] = {
    Status.PLANNED: (Status.ACTIVE, Status.PAUSED, Status.ARCHIVED),
    Status.ACTIVE: (Status.PLANNED, Status.PAUSED, Status.DELIVERED),
    Status.PAUSED: (Status.PLANNED, Status.ACTIVE, Status.ARCHIVED),
    Status.DELIVERED: (Status.ACTIVE, Status.ARCHIVED),
    Status.ARCHIVED: (Status.PAUSED, Status.DELIVERED),
}


class CannotMove(Exception):
    """The move makes no sense, or somebody moved the project meanwhile; `message` says why."""

    def __init__(self, message: Any):
        super().__init__(message)
        self.message = message


class StillOpen(CannotMove):
    """Milestones are not done: whoever delivers the project says what becomes of them."""

    def __init__(self, project: Project, count: int):
        text = _("Il reste {count} jalon(s) à terminer : dites d’abord ce qu’ils deviennent.")
        super().__init__(format_lazy(text, count=count))
        self.project, self.count = project, count


def refusal_of(before: str, after: str) -> Any:
    """Return why a project cannot go from a status to another, or nothing."""
    if before == after or after in NEXT.get(before, ()):
        return ""
    if after not in Status.values:
        return _("Ce statut n’existe pas.")
    if after == Status.ARCHIVED:
        return _("Un projet en cours ne s’archive pas : livrez-le, ou mettez-le en pause.")
    if after == Status.DELIVERED:
        return _("Un projet qui n’est pas en cours ne se livre pas : reprenez-le d’abord.")
    return format_lazy(
        _("Un projet « {before} » ne devient pas « {after} »."),
        before=Status(before).label,
        after=Status(after).label,
    )


def open_milestones(project: Project) -> int:
    """Return how many milestones of a project are not done."""
    return project.milestones.exclude(status=Milestone.Status.DONE).count()


@transaction.atomic
def move_project(*, project: Project, to: str, seen: str, actor: Any, at: datetime) -> Project:
    """Put a project in a status; the log, the client and the survey follow.

    `seen` is the version that the person saw; empty, it is not compared.

    :raises StillOpen: if it would be delivered with milestones to be done.
    :raises CannotMove: if the move makes no sense, or the project changed since it was read.
    """
    row = locked_project(project)
    if seen and seen != str(row.version):
        raise CannotMove(_("Ce projet a changé entre-temps : relisez la carte, puis recommencez."))
    if refusal := refusal_of(row.status, to):
        raise CannotMove(refusal)
    if row.status == to:
        return row
    is_ending = to == Status.DELIVERED and row.status == Status.ACTIVE
    if is_ending and (count := open_milestones(row)):
        raise StillOpen(row, count)
    return _put(row, to, actor, at)


@transaction.atomic
def deliver_project(
    *, project: Project, ends_milestones: bool, actor: Any, at: datetime
) -> Project:
    """Deliver a project under way; milestones to be done are ended with it, or stay as they are.

    :raises CannotMove: if it is not under way.
    """
    row = locked_project(project)
    if row.status != Status.ACTIVE:
        raise CannotMove(refusal_of(row.status, Status.DELIVERED) or _("Ce projet est livré."))
    left = list(row.milestones.exclude(status=Milestone.Status.DONE).select_related("project"))
    if ends_milestones:
        for milestone in left:
            milestone.status = Milestone.Status.DONE
            milestone.save(update_fields=["status"])
            note_milestone(milestone=milestone, actor=actor, at=at)
        row.progress = 100
    record("project_delivered", row, actor=actor, left=0 if ends_milestones else len(left))
    return _put(row, Status.DELIVERED, actor, at)


def locked_project(project: Project) -> Project:
    """Read a project again, and hold it until the transaction ends."""
    return Project.objects.select_for_update(of=("self",), no_key=True).get(pk=project.pk)


def _put(row: Project, to: str, actor: Any, at: datetime) -> Project:
    before, row.status = row.status, to
    row.version += 1
    row.save(update_fields=["status", "progress", "version", "updated_at"])
    record("project_moved", row, actor=actor, changes={"status": [before, to]})
    note_project(project=row, actor=actor, is_new=False, at=at)
    return row
