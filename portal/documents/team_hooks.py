"""What documents add to the team's home page, search and projects."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.hooks import Alert, Alerts, SearchHit, SearchSource, Section, TeamFigure
from core.ui.formats import days_until
from portal.documents.models import (
    DocumentRequest,
    DocumentVersion,
    PaperTemplate,
    ProjectDocument,
    RequestChecklist,
)
from portal.documents.queries import overdue_requests, search_library

READ = "documents.view_projectdocument"
ASKED = "documents.view_documentrequest"


def _list_of(model: Any) -> str:
    return reverse(model.snippet_viewset.get_url_name("list"))


def _page_of(model: Any, pk: int) -> str:
    return reverse(model.snippet_viewset.get_url_name("inspect"), args=[pk])


@hooks.register("nourx_team_figures")
def figures_of_documents(request: HttpRequest) -> Iterator[TeamFigure]:
    """Count what clients should have sent, and the files that the antivirus holds."""
    if request.user.has_perm(ASKED):
        yield TeamFigure(
            label=_("Documents attendus en retard"),
            value=overdue_requests(timezone.localdate()),
            url=f"{_list_of(DocumentRequest)}?state=late",
            order=61,
            tone="warn",
            group="documents",
        )
    if request.user.has_perm(READ):
        yield TeamFigure(
            label=_("Fichiers en quarantaine"),
            value=DocumentVersion.objects.filter(file__scan="infected"),
            url=f"{_list_of(ProjectDocument)}?held=infected",
            order=62,
            tone="bad",
            group="documents",
        )


@hooks.register("nourx_team_alerts")
def alerts_of_documents(request: HttpRequest) -> Iterator[Alerts]:
    """Say which documents clients should have sent by today."""
    if not request.user.has_perm(ASKED):
        return
    today = timezone.localdate()
    yield Alerts(
        kind="document-overdue",
        label=_("Documents attendus en retard"),
        url=f"{_list_of(DocumentRequest)}?state=late",
        rows=partial(_overdue, today),
        total=overdue_requests(today),
        order=70,
    )


def _overdue(today: Any, most: int) -> list[Alert]:
    rows = overdue_requests(today).select_related("client", "project")
    facts = rows.only("title", "due_date", "project__title", "client__name")
    return [
        Alert(
            key=f"document-overdue:{row.pk}",
            group="documents",
            title=row.title,
            detail=f"{row.client.name} · {days_until(row.due_date, today)}",
            url=_page_of(DocumentRequest, row.pk),
            weight=45,
            since=row.due_date,
            client_id=row.client_id,
            project_id=row.project_id,
        )
        for row in facts[:most]
    ]


@hooks.register("nourx_search_sources")
def documents_found(request: HttpRequest) -> Iterator[SearchSource]:
    """Let the search of the back-office look into the library."""
    if request.user.has_perm(READ):
        yield SearchSource(
            key="documents",
            label=_("Documents"),
            icon="doc-full",
            find=_find,
            url=_list_of(ProjectDocument),
            order=60,
        )


def _find(text: str, most: int) -> Sequence[SearchHit]:
    rows = search_library(ProjectDocument.objects.all(), text).select_related("client", "project")
    facts = rows.only("title", "folder", "client__name", "project__title")
    return [
        SearchHit(
            title=row.title,
            detail=f"{row.client.name} · {row.project.title}",
            url=_page_of(ProjectDocument, row.pk),
        )
        for row in facts.order_by("-created_at", "-id")[:most]
    ]


@hooks.register("nourx_project_sections")
def papers_to_write(project: Any) -> Iterator[Section]:
    """Offer, on a project, the papers to write and the lists to ask, already about it."""
    yield Section(
        title=_("Créer d’après un modèle"),
        headings=(_("Modèle"), _("Nature")),
        rows=lambda: _starts(PaperTemplate, "creer", project, is_active=True),
        empty=_("Aucun modèle n’est proposé."),
        links=[(_("Modèles"), _list_of(PaperTemplate))],
        order=30,
        tab="documents",
    )
    yield Section(
        title=_("Demander une liste de documents"),
        headings=(_("Liste"), _("Délai (jours)")),
        rows=lambda: _starts(RequestChecklist, "demander", project),
        empty=_("Aucune liste."),
        links=[(_("Listes de documents"), _list_of(RequestChecklist))],
        order=40,
        tab="documents",
    )


def _starts(model: Any, act: str, project: Any, **chosen: Any) -> list[tuple[Any, Any]]:
    """Return each row with the address of its act, about a project."""
    name = model.snippet_viewset.get_url_name(act)
    rows = model.objects.filter(**chosen).order_by("name")[:30]
    return [
        (
            format_html(
                '<a href="{}?projet={}">{}</a>',
                reverse(name, args=[row.pk]),
                str(project.pk),
                row.name,
            ),
            row.days if model is RequestChecklist else row.get_kind_display(),
        )
        for row in rows
    ]
