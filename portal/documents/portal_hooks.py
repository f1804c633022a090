"""What documents add to the client's menu, home page and projects, and to the team's home."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks

from core.access.grants import grants_of
from core.access.roles import Grant
from core.hooks import ClientPanel, Deadline, NavEntry, TeamFigure, TimelineEntry, ToDo
from core.once import known, once
from core.ui.formats import days_until
from portal.documents import queries
from portal.documents.models import DocumentRequest, DocumentVersion, ProjectDocument

MOST_LATEST, MOST_TO_DOS, MOST_ON_A_PROJECT = 3, 5, 5
LATELY = timedelta(days=7)


def _follows_projects(request: HttpRequest) -> bool:
    grants = grants_of(request.user)
    return bool(grants.clients_with(Grant.VIEW_PROJECTS) or grants.projects)


def _awaited_count(request: HttpRequest) -> int | QuerySet[DocumentRequest]:
    """Return how many documents we wait for, or the rows to count when nobody read them."""
    read = known(request, "documents-awaited")
    if read is not None:
        return len(read)
    return DocumentRequest.objects.visible_to(request.user).filter(fulfilled_at=None)


@hooks.register("nourx_client_nav")
def documents_entry(request: HttpRequest) -> Iterator[NavEntry]:
    if _follows_projects(request):
        yield NavEntry(
            key="documents",
            label=_("Documents"),
            url=reverse("documents:list"),
            icon="document",
            order=50,
            count=partial(_awaited_count, request),
            tone="quiet",
        )


def _latest(request: HttpRequest) -> list[DocumentVersion]:
    """Return the versions that came last, which the home page shows twice."""
    return once(
        request,
        "documents-latest",
        lambda: list(queries.latest_versions(request.user).order_by("-created_at", "-id")[:5]),
    )


@hooks.register("nourx_client_panels")
def latest_documents_panel(request: HttpRequest) -> Iterator[ClientPanel]:
    if _follows_projects(request):
        yield ClientPanel(
            template="portal/documents/panels/latest.html",
            order=50,
            area="aside",
            context={"versions": _latest(request)[:MOST_LATEST]},
        )


@hooks.register("nourx_project_panels")
def documents_of_a_project(request: HttpRequest, project: Any) -> Iterator[ClientPanel]:
    """Show what we wait for on a project, and its latest documents."""
    today = timezone.localdate()
    asked = [row for row in queries.awaited_once(request) if row.project_id == project.pk]
    versions = queries.latest_versions(request.user).filter(document__project=project)
    yield ClientPanel(
        template="portal/documents/panels/project.html",
        order=40,
        area="aside",
        context={
            "project": project,
            "requests": queries.late_first(asked[:MOST_ON_A_PROJECT], today),
            "versions": list(versions.order_by("-created_at", "-id")[:MOST_ON_A_PROJECT]),
            "takes_deposits": queries.takes_deposits(project, request.user),
        },
    )


@hooks.register("nourx_client_to_dos")
def what_we_wait_for(request: HttpRequest) -> Iterator[ToDo]:
    if not _follows_projects(request):
        return
    today = timezone.localdate()
    for row in queries.awaited_once(request)[:MOST_TO_DOS]:
        is_late = row.is_late(today)
        yield ToDo(
            title=_("Envoyer : %(title)s") % {"title": row.title},
            detail=_detail_of(row),
            url=reverse("documents:request", args=[row.pk]),
            glyph="late" if is_late else "due",
            tone="bad" if is_late else "warn",
            due=row.due_date,
            action=_("Envoyer"),
        )


def _detail_of(row: DocumentRequest) -> str:
    """Say of a request that it was refused, or how its day stands, and for which project."""
    if row.refusal:
        return f"{_('À renvoyer')} · {row.project.title}"
    if row.due_date is None:
        return row.project.title
    days = days_until(row.due_date, timezone.localdate())
    return f"{days[:1].upper()}{days[1:]} · {row.project.title}"


@hooks.register("nourx_client_deadlines")
def days_of_requests(request: HttpRequest) -> Iterator[Deadline]:
    if not _follows_projects(request):
        return
    today = timezone.localdate()
    for row in queries.awaited_once(request):
        if row.due_date is not None and row.due_date >= today:
            url = reverse("documents:request", args=[row.pk])
            yield Deadline(on=row.due_date, label=row.title, url=url)


@hooks.register("nourx_client_activity")
def latest_deposits(request: HttpRequest) -> Iterator[TimelineEntry]:
    if not _follows_projects(request):
        return
    for row in _latest(request):
        yield TimelineEntry(
            at=row.created_at,
            text=_("%(author)s a déposé « %(title)s »")
            % {"author": row.author or _("L’équipe"), "title": row.document.title},
            detail=row.document.project.title,
            url=reverse("documents:detail", args=[row.document_id]),
        )


@hooks.register("nourx_team_figures")
def documents_lately_deposited(request: HttpRequest) -> Iterator[TeamFigure]:
    """Count what clients handed in these days, for whoever reads documents."""
    if not request.user.has_perm("documents.view_projectdocument"):
        return
    since = timezone.now() - LATELY
    url = reverse(ProjectDocument.snippet_viewset.get_url_name("list"))
    yield TeamFigure(
        group="documents",
        label=_("Documents déposés par les clients"),
        value=DocumentVersion.objects.filter(created_at__gt=since, author__is_staff=False),
        url=f"{url}?is_from_client=true",
        order=60,
        hint=_("en sept jours"),
    )
