"""Files of tickets in the back-office, and the thread shown above a reply."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.access.row_guard import require_view
from core.files.links import download_response
from core.hooks import Section
from core.ui.formats import file_size, moment
from portal.support.models import Ticket, TicketAttachment, TicketMessage


def said_on(ticket: Ticket) -> list[TicketMessage]:
    """Return the messages and notes of a ticket with their files, oldest first, in two queries."""
    files = TicketAttachment.objects.select_related("file").order_by("pk")
    rows = ticket.messages.select_related("author", "moved_from")  # type: ignore[attr-defined]
    return list(rows.prefetch_related(Prefetch("attachments", files)).order_by("created_at", "id"))


def messages_of(ticket: Ticket) -> Section:
    """Return the thread of a ticket as a table, oldest first, notes of the team included."""
    return Section(
        title=_("Messages"),
        headings=(_("Quand"), _("Qui"), _("Message")),
        rows=[(_when(row.created_at), author_of(row), _body(row)) for row in said_on(ticket)],
        empty=_("Aucun message."),
    )


def _when(at: Any) -> str:
    return moment(timezone.localtime(at), timezone.localtime())


def author_of(message: TicketMessage) -> str:
    """Name who wrote a message, and say when the client does not see it."""
    if message.is_internal:
        return _("%(author)s, note interne") % {"author": message.author_name}
    if message.visitor and message.source != Ticket.Source.EMAIL:
        return _("%(name)s, par le lien portail") % {"name": message.visitor}
    return message.author_name


def _body(message: TicketMessage) -> Any:
    """Return the words of a message, and links to its files."""
    links = file_links(message)
    return (
        format_html("{}<br>{}", conditional_escape(message.body), links) if links else message.body
    )


def file_links(message: TicketMessage) -> Any:
    """Return links to the files of a message, or nothing."""
    files = list(message.attachments.all())  # type: ignore[attr-defined]
    return files and format_html_join(
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


def download_file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """Hand over a file of a ticket to whoever of the team may read tickets."""
    ticket = get_object_or_404(Ticket, pk=pk)
    require_view(request.user, ticket)
    rows = TicketAttachment.objects.select_related("file")
    return download_response(request, get_object_or_404(rows, ticket=ticket, pk=file_pk).file)


@hooks.register("register_admin_urls")
def download_address() -> list[Any]:
    return [
        path(
            "fichiers-de-ticket/<int:pk>/<int:file_pk>/",
            download_file,
            name="support_admin_download",
        )
    ]
