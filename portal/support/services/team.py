"""What the team does: answers, notes, moves a ticket on; and what closes by itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import rls
from core.audit.log import record
from core.files.uploads import Attachment
from core.live.publishing import tell
from portal.support import desk_notices, notices
from portal.support.delays import follow_state, promise
from portal.support.mentions import mentioned
from portal.support.models import (
    REOPENED_WITHIN,
    Ticket,
    TicketDraft,
    TicketMessage,
    TicketWatcher,
)
from portal.support.services.steps import (
    Kind,
    Status,
    locked,
    move,
    next_number,
    note_event,
    write_message,
)


class AnsweredMeanwhile(Exception):
    """Somebody wrote on the ticket since the person read it: they read it first, then decide."""

    def __init__(self, message: TicketMessage):
        super().__init__(message.pk)
        self.message = message


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
    seen: int | None = None,
) -> TicketMessage:
    """Add the team's answer and move the ticket to a state; or a note, which moves nothing.

    Who answers a ticket that nobody follows, follows it. Whoever a note names by « @ » is told,
    and follows it too. `seen` is the last message that the writer had read: None asks nothing.

    :raises AnsweredMeanwhile: if somebody wrote to the client, or the client to us, since.
    :raises ValidationError: if a file cannot be taken, or the ticket was merged.
    """
    ticket = locked(ticket)
    if ticket.merged_into_id is not None:
        raise ValidationError(_("Cette demande est réunie à une autre : écrivez là-bas."))
    if seen is not None and not is_internal:
        _refuse_unseen(ticket, seen, actor)
    TicketDraft.objects.filter(ticket=ticket, user=actor).delete()
    message = write_message(ticket, body, files, actor=actor, at=at, is_internal=is_internal)
    if is_internal:
        _keep_note(ticket, message, actor)
        return message
    before = ticket.status
    ticket.answered_at = ticket.answered_at or at
    ticket.assignee = ticket.assignee or actor
    if move(ticket, status, actor, at) is None:
        follow_state(ticket, at=at)  # the clock of the first answer is over
    ticket.save()
    record("ticket_answered", ticket, actor=actor, changes={"status": [before, status]})
    notices.tell_people_of_answer(ticket, message)
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)
    return message


def _keep_note(ticket: Ticket, note: TicketMessage, actor: Any) -> None:
    ticket.save(update_fields=["updated_at"])
    record("ticket_noted", ticket, actor=actor)
    _tell_named(ticket, note)


def _refuse_unseen(ticket: Ticket, seen: int, actor: Any) -> None:
    newer = ticket.messages.filter(is_internal=False, pk__gt=seen)  # type: ignore[attr-defined]
    last = newer.exclude(author=actor).select_related("author").order_by("-pk").first()
    if last is not None:
        raise AnsweredMeanwhile(last)


def _tell_named(ticket: Ticket, message: TicketMessage) -> None:
    """Tell the people of the team whom a note names, and have them follow the ticket."""
    if "@" not in message.body:
        return
    people = get_user_model().objects.filter(is_staff=True, is_active=True)
    named = mentioned(message.body, people)
    for person in named:
        TicketWatcher.objects.get_or_create(
            ticket=ticket, user=person, defaults={"client_id": ticket.client_id}
        )
    desk_notices.tell_mentioned(ticket, message, named)


@transaction.atomic
def note_ticket(*, ticket: Ticket, actor: Any, is_new: bool, at: datetime) -> None:
    """Follow a save of the team: number and promise a new ticket, write its change of state.

    The client is told of both.
    """
    if is_new and not ticket.number:
        ticket.number, ticket.opened_by = f"T-{next_number()}", actor
        ticket.source = Ticket.Source.TEAM
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
