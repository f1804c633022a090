"""What the history of a client tells of its tickets, for the team."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks

from core.hooks import TimelineEntry, TimelineKind, TimelineSource, TimelineWindow
from portal.support.models import TicketMessage

KIND = TimelineKind("tickets", _lazy("Tickets"), "help")
WORDS = ("ticket__number", "ticket__subject", "body")


@hooks.register("nourx_client_timeline")
def support_history(client: Any) -> Iterator[TimelineSource]:
    """Tell what was written in tickets, internal notes too."""

    def rows(window: TimelineWindow) -> list[TimelineEntry]:
        found = TicketMessage.objects.filter(client=client).select_related("ticket", "author")
        found = found.defer("ticket__search_vector")
        return [_entry(row) for row in window.newest(found, "created_at", words=WORDS)]

    yield TimelineSource(kinds=(KIND,), rows=rows, permission="support.view_ticket")


def _entry(message: TicketMessage) -> TimelineEntry:
    ticket = message.ticket
    return TimelineEntry(
        at=message.created_at,
        text=f"{ticket.number} · {ticket.subject}",
        detail=_("Note interne") if message.is_internal else "",
        url=reverse("wagtailsnippets_support_ticket:inspect", args=[ticket.pk]),
        kind=KIND.key,
        body=message.body[:1000],
        author=message.author or message.visitor,
    )
