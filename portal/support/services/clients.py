"""What a client does: opens a ticket, answers, says that it is solved, and how it went."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from core.access.grants import require
from core.access.roles import Grant
from core.audit.log import record
from core.files.uploads import Attachment
from core.live.publishing import tell
from portal.projects.models import Project
from portal.support import notices
from portal.support.delays import promise, promise_solution_again
from portal.support.models import Ticket, TicketMessage, TicketReading
from portal.support.services.steps import (
    Kind,
    Status,
    locked,
    move,
    next_number,
    note_event,
    write_message,
)

LOW_RATING = 2  # out of 5: the team is told


class CannotAnswer(Exception):
    """The ticket is closed, or was solved long ago: a new one is to be opened."""


class CannotRate(Exception):
    """The ticket is not over, or its rating is no longer to be changed."""


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
    note_event(ticket, Kind.OPENED, actor, at)
    message = write_message(ticket, body, files, actor=actor, at=at)
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
    ticket = locked(ticket)
    is_reopening = ticket.is_over
    if is_reopening and not ticket.may_reopen(at):
        raise CannotAnswer(ticket.number)
    message = write_message(ticket, body, files, actor=actor, at=at)
    if is_reopening:
        ticket.rated_at = None  # how it went may be said again
    if is_reopening or ticket.status == Status.WAITING:
        is_known = ticket.assignee_id is not None or ticket.answered_at is not None
        move(ticket, Status.TAKEN if is_known else Status.OPEN, actor, at)
    if is_reopening:
        promise_solution_again(ticket, at=at)
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
    ticket = locked(ticket)
    if ticket.is_over:
        return ticket
    before = ticket.status
    event = move(ticket, Status.SOLVED, actor, at)
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
    return _rate(ticket, rating, comment, actor, at)


@transaction.atomic
def rate_by_link(*, ticket: Ticket, rating: int, comment: str, at: datetime) -> Ticket:
    """Keep how somebody who holds the link of a mail found our help. The caller opened the link.

    :raises CannotRate: if the ticket is not over, or was rated more than seven days ago.
    """
    return _rate(ticket, rating, comment, None, at)


def _rate(ticket: Ticket, rating: int, comment: str, actor: Any, at: datetime) -> Ticket:
    ticket = locked(ticket)
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
