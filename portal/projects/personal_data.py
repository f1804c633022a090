"""What projects hold on a person: the words they wrote, the answers they gave."""

from collections.abc import Iterator
from typing import Any

from wagtail import hooks

from core.hooks import PersonalData
from portal.projects.models import (
    DeliverableDecision,
    MilestoneComment,
    SurveyAnswer,
    Task,
    TaskComment,
)


@hooks.register("nourx_personal_data")
def data_of_projects(person: Any) -> Iterator[PersonalData]:
    words = MilestoneComment.objects.filter(author=person).order_by("pk")
    yield PersonalData(
        "commentaires-de-jalons",
        list(words.values("project__title", "milestone__title", "body", "created_at")),
    )
    words = TaskComment.objects.filter(author=person).order_by("pk")
    yield PersonalData(
        "commentaires-de-taches", list(words.values("task__title", "body", "created_at"))
    )
    tasks = Task.objects.filter(assignee=person).order_by("pk")
    yield PersonalData("taches", list(tasks.values("project__title", "title", "status")))
    decisions = DeliverableDecision.objects.filter(decided_by=person).order_by("pk")
    yield PersonalData(
        "decisions-sur-les-livrables",
        list(decisions.values("deliverable__title", "verdict", "comment", "decided_at")),
    )
    marks = SurveyAnswer.objects.filter(user=person).order_by("pk")
    yield PersonalData(
        "avis-de-fin-de-projet",
        list(marks.values("project__title", "score", "comment", "answered_at")),
    )
