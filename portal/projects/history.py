"""What the history of a client tells of its projects, for the team: what was said of the work."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks

from core.hooks import TimelineEntry, TimelineKind, TimelineSource, TimelineWindow
from portal.projects.models import MilestoneComment, TaskComment

KIND = TimelineKind("commentaires", _lazy("Commentaires"), "comment-add")


@hooks.register("nourx_client_timeline")
def words_history(client: Any) -> Iterator[TimelineSource]:
    """Tell what was said of tasks and of milestones."""
    yield TimelineSource(
        kinds=(KIND,),
        rows=lambda window: _words(client, window),
        permission="projects.view_project",
    )


def _words(client: Any, window: TimelineWindow) -> list[TimelineEntry]:
    tasks = TaskComment.objects.filter(client=client).select_related("task", "author")
    steps = MilestoneComment.objects.filter(client=client)
    steps = steps.select_related("milestone", "project", "author")
    found = [
        _entry(row, row.task.title, "projects_task", row.task_id)
        for row in window.newest(tasks, "created_at", words=("body", "task__title"))
    ]
    found += [
        _entry(row, str(row.parent_row), "projects_project", row.project_id)
        for row in window.newest(steps, "created_at", words=("body", "project__title"))
    ]
    found.sort(key=lambda entry: entry.at, reverse=True)
    return found[: window.limit]


def _entry(row: Any, title: str, name: str, pk: int) -> TimelineEntry:
    return TimelineEntry(
        at=row.created_at,
        text=title,
        url=reverse(f"wagtailsnippets_{name}:inspect", args=[pk]),
        kind=KIND.key,
        body=row.body[:1000],
        author=row.author or "",
    )
