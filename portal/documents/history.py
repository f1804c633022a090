"""What the history of a client tells of its documents, for the team."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks

from core.hooks import TimelineEntry, TimelineKind, TimelineSource, TimelineWindow
from core.ui.formats import date_long
from portal.documents.models import DocumentRequest, DocumentVersion, ProjectDocument

KIND = TimelineKind("documents", _lazy("Documents"), "doc-empty")


@hooks.register("nourx_client_timeline")
def documents_of_a_client(client: Any) -> Iterator[TimelineSource]:
    """Tell when documents came and were asked, at a client."""
    yield TimelineSource(
        kinds=(KIND,),
        rows=lambda window: _events(client, window),
        permission="documents.view_projectdocument",
    )


def _events(client: Any, window: TimelineWindow) -> list[TimelineEntry]:
    came = DocumentVersion.objects.filter(client=client).select_related("document", "author")
    asked = DocumentRequest.objects.filter(client=client).exclude(asked_at=None)
    found = [_deposit(row) for row in window.newest(came, "created_at", words=("document__title",))]
    found += [_request(row) for row in window.newest(asked, "asked_at", words=("title",))]
    found.sort(key=lambda entry: entry.at, reverse=True)
    return found[: window.limit]


def _deposit(row: DocumentVersion) -> TimelineEntry:
    return TimelineEntry(
        at=row.created_at,
        text=_("Document déposé : %(title)s") % {"title": row.document.title},
        url=_page_of(ProjectDocument, row.document_id),
        kind=KIND.key,
        author=row.author or "",
    )


def _request(row: DocumentRequest) -> TimelineEntry:
    return TimelineEntry(
        at=row.asked_at,
        text=_("Document demandé : %(title)s") % {"title": row.title},
        detail=date_long(row.due_date) if row.due_date else "",
        url=_page_of(DocumentRequest, row.pk),
        kind=KIND.key,
    )


def _page_of(model: Any, pk: int) -> str:
    return reverse(model.snippet_viewset.get_url_name("inspect"), args=[pk])
