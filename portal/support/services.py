"""Opening tickets, answering them, and moving them on."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from core.access.grants import require
from core.access.roles import Grant
from core.audit.log import record
from portal.projects.models import Project
from portal.support.delays import promise
from portal.support.models import Ticket, TicketCounter, TicketMessage


class CannotAnswer(Exception):
    """The ticket is closed: a new one is to be opened."""


@transaction.atomic
def open_ticket(
    *,
    client_id: int,
    project: Project | None,
    subject: str,
    body: str,
    priority: int,
    actor: Any,
    at: datetime,
) -> Ticket:
    """Open a ticket in the name of a client, with its first message.

    :raises PermissionDenied: if the person may not write to the support for this client.
    """
    require(actor, Grant.OPEN_TICKETS, client_id)
    ticket = Ticket(
        client_id=client_id,
        project=project,
        subject=subject,
        priority=priority,
        opened_by=actor,
        number=f"T-{_next_number()}",
    )
    promise(ticket, at=at)
    ticket.save()
    TicketMessage.objects.create(ticket=ticket, author=actor, body=body, created_at=at)
    record("ticket_opened", ticket, actor=actor, number=ticket.number)
    return ticket


@transaction.atomic
def answer_as_client(*, ticket: Ticket, body: str, actor: Any, at: datetime) -> TicketMessage:
    """Add a client's message. A solved ticket opens again.

    :raises CannotAnswer: if the ticket is closed.
    :raises PermissionDenied: if the person may not write to the support for this client.
    """
    require(actor, Grant.OPEN_TICKETS, ticket.client_id)
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if ticket.status == Ticket.Status.CLOSED:
        raise CannotAnswer(ticket.number)
    message = TicketMessage.objects.create(ticket=ticket, author=actor, body=body, created_at=at)
    if ticket.status in (Ticket.Status.WAITING, Ticket.Status.SOLVED):
        ticket.status, ticket.solved_at = Ticket.Status.OPEN, None
    ticket.save(update_fields=["status", "solved_at", "updated_at"])
    record("ticket_answered", ticket, actor=actor)
    return message


@transaction.atomic
def answer_as_team(
    *, ticket: Ticket, body: str, is_internal: bool, status: str, actor: Any, at: datetime
) -> TicketMessage:
    """Add the team's message or internal note, and move the ticket to a state."""
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    message = TicketMessage.objects.create(
        ticket=ticket, author=actor, body=body, is_internal=is_internal, created_at=at
    )
    before = ticket.status
    ticket.status = status
    if not is_internal and ticket.answered_at is None:
        ticket.answered_at = at
    is_solved = status in (Ticket.Status.SOLVED, Ticket.Status.CLOSED)
    ticket.solved_at = (ticket.solved_at or at) if is_solved else None
    ticket.save(update_fields=["status", "answered_at", "solved_at", "updated_at"])
    record("ticket_answered", ticket, actor=actor, changes={"status": [before, status]})
    return message


def _next_number() -> int:
    """Take the next ticket number; the counter stays locked until the ticket is saved."""
    TicketCounter.objects.get_or_create(pk=1)
    TicketCounter.objects.filter(pk=1).update(last=F("last") + 1)
    return TicketCounter.objects.get(pk=1).last


@transaction.atomic
def note_ticket(*, ticket: Ticket, actor: Any, is_new: bool) -> None:
    """Number a ticket that the team opened, and write the change in the log."""
    if is_new and not ticket.number:
        ticket.number, ticket.opened_by = f"T-{_next_number()}", actor
        ticket.save(update_fields=["number", "opened_by"])
    record("ticket_opened" if is_new else "ticket_changed", ticket, actor=actor)
