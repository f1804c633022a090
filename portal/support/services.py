"""Opening tickets, answering them, and moving them on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from core import rls
from core.access.grants import require
from core.access.roles import Grant
from core.audit.log import record
from core.files.uploads import Attachment, take
from core.live.publishing import tell
from portal.projects.models import Project
from portal.support import notices
from portal.support.delays import promise, promise_solution_again
from portal.support.models import (
    REOPENED_WITHIN,
    Ticket,
    TicketAttachment,
    TicketCounter,
    TicketEvent,
    TicketMessage,
    TicketReading,
)

Status, Kind = Ticket.Status, TicketEvent.Kind
LOW_RATING = 2  # out of 5: the team is told
KIND_OF_STATUS = {
    Status.OPEN: Kind.RESUMED,
    Status.TAKEN: Kind.TAKEN,
    Status.WAITING: Kind.WAITING,
    Status.SOLVED: Kind.SOLVED,
    Status.CLOSED: Kind.CLOSED,
}


class CannotAnswer(Exception):
    """The ticket is closed, or was solved long ago: a new one is to be opened."""


class CannotRate(Exception):
    """The ticket is not over, or its rating is no longer to be changed."""


# --- What a client does ---------------------------------------------------------------------


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
    kind: str = Ticket.Kind.QUESTION,
    files: Iterable[Attachment] = (),
    follows: Ticket | None = None,
) -> Ticket:
    """Open a ticket in the name of a client, with its first message. Its author and we are told.

    :raises PermissionDenied: if the person may not write to the support for this client.
    :raises ValidationError: if a file cannot be taken.
    """
    require(actor, Grant.OPEN_TICKETS, client_id)
    ticket = Ticket(
        client_id=client_id,
        project=project,
        follows=follows,
        kind=kind,
        subject=subject,
        priority=priority,
        opened_by=actor,
        number=f"T-{next_number()}",
    )
    promise(ticket, at=at)
    ticket.save()
    _note(ticket, Kind.OPENED, actor, at)
    message = _write(ticket, body, files, actor=actor, at=at)
    record("ticket_opened", ticket, actor=actor, number=ticket.number)
    notices.acknowledge(ticket, message)
    notices.tell_team_of_message(ticket, message, notices.OPENED)
    tell("tickets", client_id=client_id, row=ticket.pk)
    return ticket


@transaction.atomic
def answer_as_client(
    *, ticket: Ticket, body: str, actor: Any, at: datetime, files: Iterable[Attachment] = ()
) -> TicketMessage:
    """Add a client's message: what waited is in our hands again, what was solved is open again.

    :raises CannotAnswer: if the ticket is closed, or was solved more than thirty days ago.
    :raises PermissionDenied: if the person may not write to the support for this client.
    :raises ValidationError: if a file cannot be taken.
    """
    require(actor, Grant.OPEN_TICKETS, ticket.client_id)
    ticket = _locked(ticket)
    is_reopening = ticket.is_over
    if is_reopening and not ticket.may_reopen(at):
        raise CannotAnswer(ticket.number)
    message = _write(ticket, body, files, actor=actor, at=at)
    if is_reopening:
        ticket.rated_at = None  # how it went may be said again
        promise_solution_again(ticket, at=at)
    if is_reopening or ticket.status == Status.WAITING:
        is_known = ticket.assignee_id is not None or ticket.answered_at is not None
        _move(ticket, Status.TAKEN if is_known else Status.OPEN, actor, at)
    ticket.save()
    record("ticket_reopened" if is_reopening else "ticket_answered", ticket, actor=actor)
    notices.tell_people_of_answer(ticket, message)
    what = notices.REOPENED if is_reopening else notices.ANSWERED
    notices.tell_team_of_message(ticket, message, what)
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)
    return message


@transaction.atomic
def mark_solved(*, ticket: Ticket, actor: Any, at: datetime) -> Ticket:
    """Have the client say that their request is solved. A ticket that is over stays as it is.

    :raises PermissionDenied: if the person may not write to the support for this client.
    """
    require(actor, Grant.OPEN_TICKETS, ticket.client_id)
    ticket = _locked(ticket)
    if ticket.is_over:
        return ticket
    before = ticket.status
    event = _move(ticket, Status.SOLVED, actor, at)
    ticket.save()
    record("ticket_solved", ticket, actor=actor, changes={"status": [before, ticket.status]})
    notices.tell_people_of_state(ticket, event)
    notices.tell_team_of_solving(ticket, event)
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)
    return ticket


@transaction.atomic
def rate_ticket(*, ticket: Ticket, rating: int, comment: str, actor: Any, at: datetime) -> Ticket:
    """Keep how the client found our help, from 1 to 5. The team is told of a low one.

    :raises CannotRate: if the ticket is not over, or was rated more than seven days ago.
    :raises PermissionDenied: if the person may not write to the support for this client.
    """
    require(actor, Grant.OPEN_TICKETS, ticket.client_id)
    ticket = _locked(ticket)
    if not ticket.may_rate(at):
        raise CannotRate(ticket.number)
    before = ticket.rating
    ticket.rating, ticket.rating_comment, ticket.rated_by = rating, comment, actor
    ticket.rated_at = ticket.rated_at or at  # the days to change it run from the first time
    ticket.save()
    record("ticket_rated", ticket, actor=actor, changes={"rating": [before, rating]})
    if rating <= LOW_RATING:
        notices.tell_team_of_low_rating(ticket)
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)
    return ticket


def mark_read(*, ticket: Ticket, user: Any, at: datetime) -> None:
    """Note that a person has read a ticket up to now, in one statement."""
    reading = TicketReading(client_id=ticket.client_id, ticket=ticket, user=user, read_at=at)
    TicketReading.objects.bulk_create(
        [reading],
        update_conflicts=True,
        unique_fields=["user", "ticket"],
        update_fields=["read_at"],
    )


# --- What the team does ---------------------------------------------------------------------


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
    ticket = _locked(ticket)
    message = _write(ticket, body, files, actor=actor, at=at, is_internal=is_internal)
    if is_internal:
        ticket.save(update_fields=["updated_at"])
        record("ticket_noted", ticket, actor=actor)
        return message
    before = ticket.status
    ticket.answered_at = ticket.answered_at or at
    ticket.assignee = ticket.assignee or actor
    _move(ticket, status, actor, at)
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
        _note(ticket, Kind.OPENED, actor, at, status=Status.OPEN)
        notices.tell_people_of_opening(ticket)
    events = ticket.events.order_by("-created_at", "-pk")
    known = events.values_list("status", flat=True).first() or Status.OPEN
    if known != ticket.status:
        wanted, ticket.status = ticket.status, known
        event = _move(ticket, wanted, actor, at)
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
    _move(ticket, Status.CLOSED, None, at)
    ticket.save()
    record("ticket_closed", ticket)
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)
    return True


# --- Their parts ----------------------------------------------------------------------------


def _locked(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_for_update().get(pk=ticket.pk)


def _write(
    ticket: Ticket,
    body: str,
    files: Iterable[Attachment],
    *,
    actor: Any,
    at: datetime,
    is_internal: bool = False,
) -> TicketMessage:
    """Write a message and keep its files."""
    message = TicketMessage.objects.create(
        ticket=ticket, author=actor, body=body, is_internal=is_internal, created_at=at
    )
    for file in take(files, client_id=ticket.client_id, actor=actor):
        TicketAttachment.objects.create(ticket=ticket, message=message, file=file)
    return message


def _move(ticket: Ticket, status: str, actor: Any, at: datetime) -> TicketEvent | None:
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
    return _note(ticket, kind, actor, at)


def _note(ticket: Ticket, kind: str, actor: Any, at: datetime, *, status: str = "") -> TicketEvent:
    return TicketEvent.objects.create(
        ticket=ticket, kind=kind, status=status or ticket.status, actor=actor, created_at=at
    )


def next_number() -> int:
    """Take the next ticket number; the counter stays locked until the ticket is saved."""
    TicketCounter.objects.get_or_create(pk=1)
    TicketCounter.objects.filter(pk=1).update(last=F("last") + 1)
    return TicketCounter.objects.get(pk=1).last
