"""The parts of which the acts on a ticket are made. The caller is in a transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F

from core.files.uploads import Attachment, take
from portal.support.delays import follow_state
from portal.support.models import (
    Ticket,
    TicketAttachment,
    TicketCounter,
    TicketEvent,
    TicketMessage,
)

Status, Kind = Ticket.Status, TicketEvent.Kind
KIND_OF_STATUS = {
    Status.OPEN: Kind.RESUMED,
    Status.TAKEN: Kind.TAKEN,
    Status.WAITING: Kind.WAITING,
    Status.SOLVED: Kind.SOLVED,
    Status.CLOSED: Kind.CLOSED,
}


def locked(ticket: Ticket) -> Ticket:
    """Return a ticket as it is now, kept from others until the transaction ends."""
    return Ticket.objects.select_for_update().get(pk=ticket.pk)


def write_message(
    ticket: Ticket,
    body: str,
    files: Iterable[Attachment],
    *,
    actor: Any,
    at: datetime,
    is_internal: bool = False,
    source: str = Ticket.Source.PORTAL,
    visitor: str = "",
) -> TicketMessage:
    """Write a message and keep its files. Somebody without an account gives a name: `visitor`.

    :raises ValidationError: if a file cannot be taken.
    """
    message = TicketMessage.objects.create(
        ticket=ticket,
        author=actor,
        visitor=visitor,
        body=body,
        is_internal=is_internal,
        source=source,
        created_at=at,
    )
    for file in take(files, client_id=ticket.client_id, actor=actor):
        TicketAttachment.objects.create(ticket=ticket, message=message, file=file)
    return message


def move(ticket: Ticket, status: str, actor: Any, at: datetime) -> TicketEvent | None:
    """Put a ticket in a state, and write the event; the caller saves the ticket."""
    if ticket.status == status:
        return None
    before = Ticket(status=ticket.status)
    ticket.status = status
    ticket.solved_at = (ticket.solved_at or at) if ticket.is_over else None
    ticket.closed_at = at if status == Status.CLOSED else None
    kind = KIND_OF_STATUS[Status(status)]
    if before.is_over and not ticket.is_over:
        kind = Kind.REOPENED
    elif before.status == Status.WAITING and status == Status.TAKEN:
        kind = Kind.RESUMED
    if not ticket.is_over:
        ticket.resolution = ""
    follow_state(ticket, at=at)
    return note_event(ticket, kind, actor, at)


def note_event(
    ticket: Ticket,
    kind: str,
    actor: Any,
    at: datetime,
    *,
    status: str = "",
    detail: str = "",
    is_internal: bool = False,
) -> TicketEvent:
    """Write that a ticket changed; `status` is the state it was in, that of now if left out.

    An internal event is the team's: its client never sees it.
    """
    return TicketEvent.objects.create(
        ticket=ticket,
        kind=kind,
        status=status or ticket.status,
        actor=actor,
        detail=detail,
        is_internal=is_internal,
        created_at=at,
    )


def next_number() -> int:
    """Take the next ticket number; the counter stays locked until the ticket is saved."""
    TicketCounter.objects.get_or_create(pk=1)
    TicketCounter.objects.filter(pk=1).update(last=F("last") + 1)
    return TicketCounter.objects.get(pk=1).last
