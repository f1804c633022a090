"""What the team does: answers, notes, moves a ticket on; and what closes by itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from core import rls
from core.audit.log import record
from core.files.uploads import Attachment
from core.live.publishing import tell
from portal.support import notices
from portal.support.delays import promise
from portal.support.models import REOPENED_WITHIN, Ticket, TicketMessage
from portal.support.services.steps import (
    Kind,
    Status,
    locked,
    move,
    next_number,
    note_event,
    write_message,
)


@transaction.atomic
def answer_as_team(
    *,
    ticket: Ticket,
    body: str,
    is_internal: bool,
    status: str,
    actor: Any,
    at: datetime,
    files: Iterable[Attachment] = (),
) -> TicketMessage:
    """Add the team's answer and move the ticket to a state; or a note, which moves nothing.

    Who answers a ticket that nobody follows, follows it.

    :raises ValidationError: if a file cannot be taken.
    """
    ticket = locked(ticket)
    message = write_message(ticket, body, files, actor=actor, at=at, is_internal=is_internal)
    if is_internal:
        ticket.save(update_fields=["updated_at"])
        record("ticket_noted", ticket, actor=actor)
        return message
    before = ticket.status
    ticket.answered_at = ticket.answered_at or at
    ticket.assignee = ticket.assignee or actor
    move(ticket, status, actor, at)
    ticket.save()
    record("ticket_answered", ticket, actor=actor, changes={"status": [before, status]})
    notices.tell_people_of_answer(ticket, message)
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)
    return message


@transaction.atomic
def note_ticket(*, ticket: Ticket, actor: Any, is_new: bool, at: datetime) -> None:
    """Follow a save of the team: number and promise a new ticket, write its change of state.

    The client is told of both.
    """
    if is_new and not ticket.number:
        ticket.number, ticket.opened_by = f"T-{next_number()}", actor
        promise(ticket, at=at)
        note_event(ticket, Kind.OPENED, actor, at, status=Status.OPEN)
        notices.tell_people_of_opening(ticket)
    events = ticket.events.order_by("-created_at", "-pk")
    known = events.values_list("status", flat=True).first() or Status.OPEN
    if known != ticket.status:
        wanted, ticket.status = ticket.status, known
        event = move(ticket, wanted, actor, at)
        notices.tell_people_of_state(ticket, event)
    ticket.save()
    record("ticket_opened" if is_new else "ticket_changed", ticket, actor=actor)
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)


def close_solved_tickets(*, at: datetime) -> int:
    """Close what was solved too long ago to be opened again. Return how many."""
    with rls.staff("support: close what was solved long ago"):
        rows = Ticket.objects.filter(status=Status.SOLVED, solved_at__lt=at - REOPENED_WITHIN)
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:1000])
        return sum(_close(ticket_id, at) for ticket_id in ids)


@transaction.atomic
def _close(ticket_id: int, at: datetime) -> bool:
    ticket = Ticket.objects.select_for_update().get(pk=ticket_id)
    if ticket.status != Status.SOLVED or ticket.may_reopen(at):
        return False
    move(ticket, Status.CLOSED, None, at)
    ticket.save()
    record("ticket_closed", ticket)
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)
    return True
