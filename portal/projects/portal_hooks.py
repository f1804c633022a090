"""What projects add to the client's home page and menu."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks

from core.access.grants import grants_of
from core.access.roles import Grant
from core.hooks import ClientPanel, Deadline, NavEntry, TimelineEntry, ToDo
from core.once import once
from portal.projects import queries
from portal.projects.models import Task


def _follows_projects(request: HttpRequest) -> bool:
    grants = grants_of(request.user)
    return bool(grants.clients_with(Grant.VIEW_PROJECTS) or grants.projects)


def _my_tasks(request: HttpRequest) -> list[Task]:
    return once(request, "my-tasks", lambda: list(queries.open_tasks_of(request.user)[:50]))


@hooks.register("nourx_client_nav")
def project_entries(request: HttpRequest) -> Iterator[NavEntry]:
    if not _follows_projects(request):
        return
    yield NavEntry(
        key="projects", label=_("Projets"), url=reverse("projects:list"), icon="layers", order=20
    )
    yield NavEntry(
        key="tasks",
        label=_("Tâches"),
        url=reverse("projects:tasks"),
        icon="tasks",
        order=30,
        count=len(_my_tasks(request)),
        tone="quiet",
    )


@hooks.register("nourx_client_panels")
def running_projects(request: HttpRequest) -> Iterator[ClientPanel]:
    if not _follows_projects(request):
        return
    cards = once(
        request,
        "project-cards",
        lambda: queries.cards_of(queries.running_projects(request.user)[:6]),
    )
    yield ClientPanel(
        template="portal/projects/panels/running.html", order=20, context={"cards": cards}
    )


@hooks.register("nourx_client_to_dos")
def what_waits_for_the_client(request: HttpRequest) -> Iterator[ToDo]:
    if not _follows_projects(request):
        return
    for deliverable in queries.submitted_deliverables(request.user)[:5]:
        yield ToDo(
            title=_("Valider : %(title)s") % {"title": deliverable.title},
            detail=deliverable.project.title,
            url=reverse("projects:roadmap", args=[deliverable.project_id]),
            glyph="review",
            tone="now",
        )
    today = timezone.localdate()
    for task in _my_tasks(request)[:5]:
        is_late = task.due_date is not None and task.due_date < today
        yield ToDo(
            title=task.title,
            detail=task.project.title,
            url=reverse("projects:task", args=[task.pk]),
            glyph="late" if is_late else "todo",
            tone="bad" if is_late else "",
            due=task.due_date,
        )


@hooks.register("nourx_client_deadlines")
def next_milestones(request: HttpRequest) -> Iterator[Deadline]:
    if not _follows_projects(request):
        return
    for milestone in queries.next_milestones(request.user, timezone.localdate()):
        yield Deadline(
            on=milestone.due_date,
            label=f"{milestone.title}, {milestone.project.title}",
            url=reverse("projects:detail", args=[milestone.project_id]),
        )


@hooks.register("nourx_client_activity")
def latest_words(request: HttpRequest) -> Iterator[TimelineEntry]:
    if not _follows_projects(request):
        return
    for comment in queries.latest_comments(request.user):
        yield TimelineEntry(
            at=comment.created_at,
            text=_("%(author)s a commenté le jalon « %(milestone)s »")
            % {"author": comment.author, "milestone": comment.milestone.title},
            detail=comment.body[:120],
            url=reverse("projects:roadmap", args=[comment.milestone.project_id]),
        )
