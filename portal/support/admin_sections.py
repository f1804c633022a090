"""What the team reads under a ticket: its messages, its changes of state, its satisfaction."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks

from core.access.row_guard import require_view
from core.files.links import download_response
from core.hooks import Section, TeamFigure
from core.ui.formats import file_size, moment
from portal.support import queries
from portal.support.models import Ticket, TicketAttachment, TicketEvent, TicketMessage


def sections_of(ticket: Ticket) -> list[Section]:
    """Return the tables under a ticket."""
    tables = [messages_of(ticket), _events(ticket)]
    return [*tables, _satisfaction(ticket)] if ticket.rating else tables


def messages_of(ticket: Ticket) -> Section:
    """Return the thread of a ticket, oldest first, notes of the team included."""
    rows = ticket.messages.select_related("author")  # type: ignore[attr-defined]
    rows = rows.prefetch_related("attachments__file").order_by("created_at", "id")
    return Section(
        title=_("Messages"),
        headings=(_("Quand"), _("Qui"), _("Message")),
        rows=[(_when(row.created_at), _author(row), _body(row)) for row in rows],
        empty=_("Aucun message."),
    )


def _events(ticket: Ticket) -> Section:
    rows = ticket.events.select_related("actor").order_by("created_at", "pk")  # type: ignore[attr-defined]
    return Section(
        title=_("Étapes"),
        headings=(_("Quand"), _("Fait"), _("Par")),
        rows=[(_when(row.created_at), _said(row), row.actor or _("Système")) for row in rows],
        empty=_("Aucune étape."),
    )


def _satisfaction(ticket: Ticket) -> Section:
    said = _("%(rating)s sur 5") % {"rating": ticket.rating}
    return Section(
        title=_("Satisfaction"),
        headings=(_("Note"), _("Commentaire"), _("Par")),
        rows=[(said, ticket.rating_comment, ticket.rated_by or "")],
    )


def _when(at: Any) -> str:
    return moment(timezone.localtime(at), timezone.localtime())


def _said(event: TicketEvent) -> str:
    waiting = event.kind == TicketEvent.Kind.WAITING
    return str(_("En attente du client") if waiting else event.get_kind_display())


def _author(message: TicketMessage) -> str:
    """Name who wrote a message, and say when the client does not see it."""
    if message.is_internal:
        return _("%(author)s, note interne") % {"author": message.author_name}
    if message.visitor:
        return _("%(name)s, par le lien portail") % {"name": message.visitor}
    return message.author_name


def _body(message: TicketMessage) -> Any:
    """Return the words of a message, and links to its files."""
    files = list(message.attachments.all())  # type: ignore[attr-defined]
    if not files:
        return message.body
    links = format_html_join(
        " · ",
        '<a href="{}">{} ({})</a>',
        (
            (
                reverse("support_admin_download", args=[row.ticket_id, row.pk]),
                row.file.name,
                file_size(row.file.size),
            )
            for row in files
        ),
    )
    return format_html("{}<br>{}", conditional_escape(message.body), links)


def download_file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """Hand over a file of a ticket to whoever of the team may read tickets."""
    ticket = get_object_or_404(Ticket, pk=pk)
    require_view(request.user, ticket)
    rows = TicketAttachment.objects.select_related("file")
    return download_response(request, get_object_or_404(rows, ticket=ticket, pk=file_pk).file)


@hooks.register("nourx_team_figures")
def tickets_to_take(request: HttpRequest) -> Iterator[TeamFigure]:
    """Count the requests that wait for us, and those of which an answer is overdue."""
    if not request.user.has_perm("support.view_ticket"):
        return
    count, late = queries.count_waiting_for_us(at=timezone.now())
    yield TeamFigure(
        group="support",
        label=_("Demandes à traiter"),
        value=count,
        url=reverse("wagtailsnippets_support_ticket:list") + "?status=open&status=taken",
        order=5,
        tone="bad" if late else "",
        hint=ngettext("dont %(count)s en retard", "dont %(count)s en retard", late)
        % {"count": late},
    )


@hooks.register("register_admin_urls")
def download_address() -> list[Any]:
    return [
        path(
            "fichiers-de-ticket/<int:pk>/<int:file_pk>/",
            download_file,
            name="support_admin_download",
        )
    ]
