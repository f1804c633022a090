"""The two clocks of a request, as plain rules: which policy holds, when a promise ends.

Nothing is read here. A clock runs while a request is in our hands, and stands still while its
client is to answer.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import IntFlag
from typing import Any

from portal.support.hours import Week, end_of_delay, start_of_delay, working_time
from portal.support.models import SlaPolicy, Ticket

Status = Ticket.Status
RUNNING = (Status.OPEN, Status.TAKEN)
Stretch = tuple[datetime, datetime | None]


class Told(IntFlag):
    """What the team was told of the delays of a request; kept in `Ticket.told`."""

    ANSWER_NEAR = 1
    ANSWER_LATE = 2
    SOLUTION_NEAR = 4
    SOLUTION_LATE = 8


OF_ANSWER = Told.ANSWER_NEAR | Told.ANSWER_LATE
OF_SOLUTION = Told.SOLUTION_NEAR | Told.SOLUTION_LATE


def fits(policy: SlaPolicy, ticket: Ticket) -> bool:
    """Tell whether a policy holds for a request: each thing it names is the request's."""
    return (
        policy.kind in ("", ticket.kind)
        and policy.priority in (None, ticket.priority)
        and policy.for_client_id in (None, ticket.client_id)
        and policy.for_project_id in (None, ticket.project_id)
    )


def choose_policy(policies: Iterable[SlaPolicy], ticket: Ticket) -> SlaPolicy | None:
    """Return the policy of a request: of those in force that fit, the most precise one.

    A project weighs more than a client, a client more than a priority, a priority more than a
    kind; of two as precise, the older.
    """
    fitting = [one for one in policies if one.is_active and fits(one, ticket)]
    return max(fitting, key=lambda one: (_precision(one), -one.pk), default=None)


def _precision(policy: SlaPolicy) -> int:
    named = (
        policy.for_project_id is not None,
        policy.for_client_id is not None,
        policy.priority is not None,
        bool(policy.kind),
    )
    return sum(weight for weight, is_named in zip((8, 4, 2, 1), named, strict=True) if is_named)


def stretches(start: datetime, events: Sequence[tuple[datetime, str]]) -> list[Stretch]:
    """Return when a clock begun at `start` ran, from (moment, state) pairs, oldest first.

    The last stretch has no end while the clock still runs.
    """
    found: list[Stretch] = []
    began: datetime | None = start
    for at, status in events:
        at = max(at, start)
        is_running = status in RUNNING
        if began is not None and not is_running:
            if at > began:
                found.append((began, at))
            began = None
        elif began is None and is_running:
            began = at
    return [*found, (began, None)] if began is not None else found


def due_over(week: Week, ran: Sequence[Stretch], delay: timedelta, *, now: datetime) -> datetime:
    """Return when a delay ends, of which only some stretches count.

    When none is open, as if it ran on from now: what is shown while the clock stands still.

    :raises NeverOpen: if the calendar does not open enough.
    """
    left = delay
    for begin, end in ran:
        if end is None:
            return end_of_delay(week, begin, left)
        spent = working_time(week, begin, end)
        if spent >= left:
            return end_of_delay(week, begin, left)
        left -= spent
    return end_of_delay(week, max([now, *(end for _begin, end in ran if end)]), left)


def running_clocks(ticket: Ticket) -> list[tuple[datetime, bool]]:
    """Return the ends of the clocks that run, each with whether it is that of the answer."""
    if ticket.is_over or ticket.paused_at is not None:
        return []
    ends = []
    if ticket.answered_at is None and ticket.answer_due_at is not None:
        ends.append((ticket.answer_due_at, True))
    if ticket.solution_due_at is not None:
        ends.append((ticket.solution_due_at, False))
    return ends


def settle(ticket: Ticket, policy: SlaPolicy | None, week: Week | None) -> None:
    """Write on a ticket what the queue and the watch read: next end, next warning, next check."""
    ticket.next_due_at = ticket.warn_at = ticket.check_at = None
    ends = running_clocks(ticket)
    if not ends:
        return
    told, checks, warnings = Told(ticket.told), [], []
    for due, is_answer in ends:
        warning = warning_of(due, is_answer, policy, week)
        near, late = (
            (Told.ANSWER_NEAR, Told.ANSWER_LATE)
            if is_answer
            else (Told.SOLUTION_NEAR, Told.SOLUTION_LATE)
        )
        warnings.append(warning)
        if not told & late:
            checks.append(due if told & near else min(warning, due))
    ticket.next_due_at = min(due for due, _is_answer in ends)
    ticket.warn_at = min(warnings)
    ticket.check_at = min(checks, default=None)


def warning_of(
    due: datetime, is_answer: bool, policy: SlaPolicy | None, week: Week | None
) -> datetime:
    """Return when so much of a delay has passed that the team is warned; its end without policy."""
    if policy is None or week is None:
        return due
    delay = policy.answer_delay(week) if is_answer else policy.solution_delay(week)
    return start_of_delay(week, due, delay * (100 - policy.warns_at) / 100)


def due_bits(ticket: Ticket, policy: SlaPolicy | None, week: Week | None, at: datetime) -> Told:
    """Return what the team is to be told now and was not yet."""
    found = Told(0)
    for due, is_answer in running_clocks(ticket):
        near, late = (
            (Told.ANSWER_NEAR, Told.ANSWER_LATE)
            if is_answer
            else (Told.SOLUTION_NEAR, Told.SOLUTION_LATE)
        )
        if at >= due:
            found |= late
        elif at >= warning_of(due, is_answer, policy, week):
            found |= near
    return found & ~Told(ticket.told)


def state_of_clock(ticket: Any, at: datetime) -> str:
    """Return where the delays of a row stand: "late", "risk", "ok", "paused", or nothing."""
    if ticket.is_over:
        return ""
    if ticket.paused_at is not None:
        return "paused"
    if ticket.next_due_at is None:
        return ""
    if ticket.next_due_at < at:
        return "late"
    return "risk" if ticket.warn_at is not None and ticket.warn_at <= at else "ok"
