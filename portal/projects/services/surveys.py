"""The question asked of a client when a project is delivered."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core.audit.log import record
from portal.projects.models import Project, SurveyAnswer
from portal.projects.participation import require_part

MAY_CHANGE_FOR = timedelta(days=14)


class CannotAnswer(Exception):
    """The project is not delivered, or the answer was given too long ago to be changed."""


def may_change(answer: SurveyAnswer | None, at: datetime) -> bool:
    """Tell whether a person may still write their answer."""
    return answer is None or at <= answer.answered_at + MAY_CHANGE_FOR


@transaction.atomic
def answer_survey(
    *, project: Project, score: int, comment: str, actor: Any, at: datetime
) -> SurveyAnswer:
    """Keep what a person thinks of a delivered project, from 0 to 10, or change it.

    :raises PermissionDenied: if the person takes no part in the project.
    :raises CannotAnswer: if the project is not delivered, or the answer is too old to change.
    """
    require_part(actor, project)
    if project.delivered_at is None:
        raise CannotAnswer(project)
    Project.objects.select_for_update(of=("self",), no_key=True).get(pk=project.pk)  # one at a time
    rows = SurveyAnswer.objects.filter(project=project, user=actor)
    answer = rows.first() or SurveyAnswer(project=project, user=actor, answered_at=at)
    if not may_change(answer, at):
        raise CannotAnswer(project)
    answer.score, answer.comment, answer.changed_at = score, comment.strip(), at
    answer.save()
    record("survey_answered", project, actor=actor, score=score)
    return answer
