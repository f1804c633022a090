"""A question that came by the link of a client: no account is its author."""

from datetime import datetime

from django.db import transaction

from core.audit.log import record
from core.live.publishing import tell
from portal.support import notices, services
from portal.support.delays import promise
from portal.support.models import Ticket, TicketEvent, TicketMessage


@transaction.atomic
def open_ticket_by_link(
    *, client_id: int, name: str, subject: str, body: str, at: datetime
) -> Ticket:
    """Open a new question for a client, in the words and the name that a visitor gave.

    The caller has opened the link; we are told, the visitor reads the number on the page.
    """
    ticket = Ticket(client_id=client_id, subject=subject, number=f"T-{services.next_number()}")
    ticket.source, ticket.contact_name = Ticket.Source.LINK, name
    promise(ticket, at=at)
    ticket.save()
    TicketEvent.objects.create(
        ticket=ticket, kind=TicketEvent.Kind.OPENED, status=ticket.status, created_at=at
    )
    message = TicketMessage.objects.create(
        ticket=ticket, author=None, visitor=name, body=body, created_at=at
    )
    record("ticket_opened", ticket, number=ticket.number, by_link=True)
    notices.tell_team_of_message(ticket, message, notices.OPENED)
    tell("tickets", client_id=client_id, row=ticket.pk)
    return ticket
