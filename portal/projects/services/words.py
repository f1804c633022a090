"""Words on the roadmap: a client's, and the team's replies."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.audit.log import record
from core.files.uploads import Attachment, take
from portal.projects import telling
from portal.projects.models import CommentFile, Milestone, MilestoneComment, Project
from portal.projects.participation import require_part


class CannotComment(Exception):
    """The project is put away: nobody reads words written there."""


@transaction.atomic
def comment_as_client(
    *,
    project: Project,
    milestone: Milestone | None,
    body: str,
    files: Sequence[Attachment] = (),
    actor: Any,
) -> MilestoneComment:
    """Write a client's word on a milestone, or on the whole roadmap; the team is told.

    :raises PermissionDenied: if the person takes no part in the project.
    :raises CannotComment: if the project is archived.
    :raises ValidationError: if a file cannot be kept, or the milestone is of another project.
    """
    require_part(actor, project)
    if project.status == Project.Status.ARCHIVED:
        raise CannotComment(project)
    comment = _keep(project, milestone, body, files, actor)
    telling.tell_team_of_comment(comment)
    return comment


@transaction.atomic
def comment_as_team(
    *,
    project: Project,
    milestone: Milestone | None,
    body: str,
    files: Sequence[Attachment] = (),
    actor: Any,
) -> MilestoneComment:
    """Write the team's word on a milestone, or on the whole roadmap; the client is told.

    :raises ValidationError: if a file cannot be kept, or the milestone is of another project.
    """
    comment = _keep(project, milestone, body, files, actor)
    telling.tell_reply(comment, actor=actor)
    return comment


def _keep(
    project: Project,
    milestone: Milestone | None,
    body: str,
    files: Sequence[Attachment],
    actor: Any,
) -> MilestoneComment:
    if milestone is not None and milestone.project_id != project.pk:
        raise ValidationError("The milestone is of another project.")
    comment = MilestoneComment.objects.create(
        project=project, milestone=milestone, body=body, author=actor
    )
    for file in take(files, client_id=project.client_id, actor=actor):
        CommentFile.objects.create(comment=comment, file=file)
    record("milestone_commented", milestone or project, actor=actor, comment_id=comment.pk)
    telling.refresh_pages(project)
    return comment
