"""What projects hold on a person: the words they wrote, the answers they gave."""

from collections.abc import Iterator
from typing import Any

from wagtail import hooks

from core.hooks import PersonalData
from portal.projects.models import MilestoneComment, Task, TaskComment


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
