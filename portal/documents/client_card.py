"""What documents show on the page of a client: the latest files, what is asked."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.hooks import Section
from core.ui.formats import date_long, moment
from portal.documents.models import DocumentRequest, DocumentVersion

TAB = "documents"
MOST_ROWS = 20


@hooks.register("nourx_client_sections")
def documents_of_client(client: Any) -> Iterator[Section]:
    """Show the latest documents of a client, and what it was asked for."""
    library = reverse("wagtailsnippets_documents_projectdocument:list")
    yield Section(
        title=_("Derniers documents"),
        headings=(_("Document"), _("Version"), _("Déposé par"), _("Le")),
        rows=lambda: _versions(client),
        links=((_("Tous ses documents"), f"{library}?client={client.pk}"),),
        empty=_("Aucun document."),
        order=10,
        tab=TAB,
    )
    yield Section(
        title=_("Documents demandés"),
        headings=(_("Document"), _("Demandé"), _("Attendu le")),
        rows=lambda: _asked(client),
        empty=_("Rien n’est demandé à ce client."),
        order=20,
        tab=TAB,
    )


def _versions(client: Any) -> list[Any]:
    now = timezone.localtime()
    rows = DocumentVersion.objects.filter(client=client).select_related("document", "author")
    return [
        (
            _link(
                "wagtailsnippets_documents_projectdocument:inspect", row.document_id, row.document
            ),
            row.number,
            row.author or "—",
            moment(timezone.localtime(row.created_at), now),
        )
        for row in rows.order_by("-created_at", "-pk")[:MOST_ROWS]
    ]


def _asked(client: Any) -> list[Any]:
    rows = DocumentRequest.objects.filter(client=client).exclude(asked_at=None)
    return [
        (
            _link("wagtailsnippets_documents_documentrequest:inspect", row.pk, row.title),
            date_long(timezone.localdate(row.asked_at)),
            date_long(row.due_date) if row.due_date else "—",
        )
        for row in rows.order_by("-asked_at", "-pk")[:MOST_ROWS]
    ]


def _link(name: str, pk: int, text: Any) -> Any:
    return format_html('<a href="{}">{}</a>', reverse(name, args=[pk]), text)
