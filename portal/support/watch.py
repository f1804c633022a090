"""Watching the delays: a word before they end, an alert and an escalation when they pass."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core import rls
from core.audit.log import record
from portal.support import desk_notices
from portal.support.clocks import Told, due_bits, settle
from portal.support.delays import policy_of, week_of
from portal.support.models import Ticket
from portal.support.services.escalating import raise_level
from portal.support.services.steps import Kind, note_event

MOST = 1000  # tickets of one run; the next one is five minutes away
LATE = Told.ANSWER_LATE | Told.SOLUTION_LATE


def watch_delays(*, at: datetime) -> int:
    """Tell the team of the delays that near their end or have passed, each once. Return how many.

    A delay that passes raises the level of its request, where its policy says so.
    """
    with rls.staff("support: watch promised delays"):
        rows = Ticket.objects.filter(check_at__lte=at).order_by("check_at")
        ids = list(rows.values_list("pk", flat=True)[:MOST])
        return sum(_watch(ticket_id, at) for ticket_id in ids)


@transaction.atomic
def _watch(ticket_id: int, at: datetime) -> bool:
    rows = Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket_id, check_at__lte=at)
    ticket = rows.select_related("assignee", "client__company__lead").first()
    if ticket is None:
        return False
    policy = policy_of(ticket)
    week = week_of(policy.calendar) if policy is not None else None
    bits = due_bits(ticket, policy, week, at)
    ticket.told |= int(bits)
    for bit in (Told.ANSWER_LATE, Told.SOLUTION_LATE):
        if bits & bit:
            _say_late(ticket, at, is_answer=bit == Told.ANSWER_LATE)
    if bits & LATE and policy is not None and policy.escalates:
        raise_level(ticket, actor=None, at=at, reason="")
    if bits & (Told.ANSWER_NEAR | Told.SOLUTION_NEAR):
        _say_near(ticket, is_answer=bool(bits & Told.ANSWER_NEAR))
    settle(ticket, policy, week)
    ticket.save()
    return bool(bits)


def _say_near(ticket: Ticket, *, is_answer: bool) -> None:
    desk_notices.warn_of_delay(ticket, is_answer=is_answer)
    record("ticket_reminded", ticket, number=ticket.number)


def _say_late(ticket: Ticket, at: datetime, *, is_answer: bool) -> None:
    due: Any = ticket.answer_due_at if is_answer else ticket.solution_due_at
    event = note_event(ticket, Kind.LATE, None, at, is_internal=True, detail=_words(is_answer))
    desk_notices.tell_of_breach(ticket, event)
    record("ticket_late", ticket, number=ticket.number, answer=is_answer, due=due.isoformat())


def _words(is_answer: bool) -> str:
    return str(desk_notices.ANSWER if is_answer else desk_notices.SOLUTION)
