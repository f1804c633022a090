"""The links of a mail that lead to giving an opinion without signing in.

A link names one ticket, signed, for thirty days. Opening it writes nothing, since mail programs
open links by themselves: only the button of its page does.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from portal.support.models import Ticket

SALT = "nourx.support.rating"
LASTS = timedelta(days=30)


def rate_url(ticket: Ticket) -> str:
    """Return the address at which anybody who holds it says how a ticket went; nothing if open."""
    if not ticket.is_over or ticket.pk is None:
        return ""
    token = signing.dumps([ticket.pk, ticket.client_id], salt=SALT, compress=True)
    return settings.BASE_URL + reverse("rate_by_link", args=[token])


def read_token(token: str) -> tuple[int, int] | None:
    """Return the ids of the ticket and the client that a link names; None if it opens nothing."""
    try:
        ticket_id, client_id = signing.loads(token, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(ticket_id), int(client_id)
