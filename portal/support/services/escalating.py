"""Escalating a request: its level and its priority rise, whoever answers for it is told."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.audit.log import record
from core.live.publishing import tell
from portal.support import desk_notices
from portal.support.models import Ticket
from portal.support.services.steps import Kind, locked, note_event
from portal.support.words import HIGHEST_LEVEL, Priority


class CannotEscalate(Exception):
    """The request is over, or at the highest level already."""


@transaction.atomic
def escalate_ticket(*, ticket: Ticket, reason: str, actor: Any, at: datetime) -> Ticket:
    """Raise a request by one level, and its priority with it. Its owners are told why.

    :raises CannotEscalate: if it is over, or at the third level already.
    """
    ticket = locked(ticket)
    if ticket.is_over or ticket.level >= HIGHEST_LEVEL:
        raise CannotEscalate(ticket.number)
    raise_level(ticket, actor=actor, at=at, reason=reason)
    ticket.save()
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)
    return ticket


def raise_level(ticket: Ticket, *, actor: Any, at: datetime, reason: str) -> None:
    """Raise the level of a request that the caller holds, and saves. Nothing at the highest."""
    if ticket.level >= HIGHEST_LEVEL:
        return
    before = ticket.priority
    ticket.level += 1
    ticket.priority = min(ticket.priority + 1, Priority.HIGH)
    ticket.escalated_at = at
    detail = desk_notices.level_said(ticket, reason)
    event = note_event(ticket, Kind.ESCALATED, actor, at, is_internal=True, detail=detail)
    desk_notices.tell_of_escalation(ticket, event, reason, actor)
    changes = {"level": [ticket.level - 1, ticket.level], "priority": [before, ticket.priority]}
    record("ticket_escalated", ticket, actor=actor, changes=changes, reason=reason)
