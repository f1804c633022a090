"""A question that came by the link of a client: no account is its author."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.log import record
from core.live.publishing import tell
from portal.support import services
from portal.support.delays import promise
from portal.support.models import Ticket, TicketMessage


@transaction.atomic
def open_ticket_by_link(
    *, client_id: int, name: str, subject: str, body: str, at: datetime
) -> Ticket:
    """Open a new question for a client, in the words and the name that a visitor gave.

    The caller has opened the link; we are told, the visitor reads the number on the page.
    """
    ticket = Ticket(client_id=client_id, subject=subject, number=services.next_number())
    promise(ticket, at=at)
    ticket.save()
    said = _("De la part de %(name)s, par le lien portail :") % {"name": name}
    message = TicketMessage.objects.create(
        ticket=ticket, author=None, body=f"{said}\n\n{body}", created_at=at
    )
    record("ticket_opened", ticket, number=ticket.number, by_link=True)
    services.tell_of_question(ticket, message)
    tell("tickets", client_id=client_id, row=ticket.pk)
    return ticket
