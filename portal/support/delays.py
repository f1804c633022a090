"""The delays promised on tickets, written on them: at opening, at each change of state, anew.

The rule when policies or calendars change while requests are open: a date that has passed stays;
a new date that would already be past is not applied, the promise holds; any other follows the
new hours, its pauses taken out again.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from core import rls
from core.workdays.days import computed_holidays
from core.workdays.models import Holiday
from portal.support.clocks import (
    OF_SOLUTION,
    Status,
    choose_policy,
    due_over,
    settle,
    stretches,
)
from portal.support.hours import NeverOpen, Week, end_of_delay, working_time
from portal.support.models import BusinessCalendar, SlaPolicy, Ticket

Weeks = dict[int, Week]


def days_off() -> Callable[[date], bool]:
    """Return what tells the holidays of Côte d’Ivoire; what the team knows of a day wins."""
    corrections = dict(Holiday.objects.values_list("on", "is_off"))

    def is_off(day: date) -> bool:
        known = corrections.get(day)
        return day in computed_holidays(day.year) if known is None else known

    return is_off


def week_of(calendar: BusinessCalendar) -> Week:
    """Return a calendar as plain values, its holidays included."""
    return calendar.week(days_off())


def every_week() -> Weeks:
    """Return every calendar as plain values, by its id, in two queries."""
    is_off = days_off()
    return {row.pk: row.week(is_off) for row in BusinessCalendar.objects.all()}


def policy_of(ticket: Ticket) -> SlaPolicy | None:
    """Return the policy of a ticket, whoever asks: policies are read by the team alone."""
    if ticket.sla_id is None:
        return None
    with rls.staff("support: the policy of a ticket"):
        return SlaPolicy.objects.select_related("calendar").filter(pk=ticket.sla_id).first()


def _chosen(ticket: Ticket) -> SlaPolicy | None:
    with rls.staff("support: which policy holds for a ticket"):
        return choose_policy(SlaPolicy.objects.select_related("calendar"), ticket)


def promise(ticket: Ticket, *, at: datetime) -> None:
    """Write on a new ticket the delays of its policy: the one given, else the one that fits it.

    Nothing is promised without a policy, or by a calendar that never opens.
    """
    policy = policy_of(ticket) or _chosen(ticket)
    ticket.sla = policy
    ticket.answer_from = ticket.solution_from = at
    _promise_from(ticket, policy, at)


def _promise_from(ticket: Ticket, policy: SlaPolicy | None, at: datetime) -> None:
    week = week_of(policy.calendar) if policy is not None else None
    try:
        if policy is not None and week is not None:
            ticket.answer_due_at = end_of_delay(week, at, policy.answer_delay(week))
            ticket.solution_due_at = end_of_delay(week, at, policy.solution_delay(week))
    except NeverOpen:
        ticket.answer_due_at = ticket.solution_due_at = None
    settle(ticket, policy, week)


def promise_solution_again(ticket: Ticket, *, at: datetime) -> None:
    """Promise a solution anew on a ticket that is opened again."""
    policy = policy_of(ticket)
    if policy is None:
        return
    week = week_of(policy.calendar)
    ticket.solution_from = at
    ticket.told &= ~int(OF_SOLUTION)
    try:
        ticket.solution_due_at = end_of_delay(week, at, policy.solution_delay(week))
    except NeverOpen:
        ticket.solution_due_at = None
    settle(ticket, policy, week)


def follow_state(ticket: Ticket, *, at: datetime) -> None:
    """Stop the clocks of a ticket that waits for its client, or have them run again.

    Called after its state changed, and when a first answer was given; the caller saves.
    """
    policy = policy_of(ticket)
    week = week_of(policy.calendar) if policy is not None else None
    is_waiting = ticket.status == Status.WAITING
    if is_waiting and ticket.paused_at is None:
        ticket.paused_at = at
    elif not is_waiting and ticket.paused_at is not None:
        _resume(ticket, week, ticket.paused_at, at)
        ticket.paused_at = None
    settle(ticket, policy, week)


def _resume(ticket: Ticket, week: Week | None, since: datetime, at: datetime) -> None:
    """Move each promise that still stood when the clocks stopped by what was left of it."""
    if week is None or ticket.is_over:
        return
    if ticket.answered_at is None:
        ticket.answer_due_at = _moved(ticket.answer_due_at, week, since, at)
    ticket.solution_due_at = _moved(ticket.solution_due_at, week, since, at)


def _moved(due: datetime | None, week: Week, since: datetime, at: datetime) -> datetime | None:
    if due is None or due <= since:
        return due
    left = working_time(week, since, due)
    try:
        return max(due, end_of_delay(week, at, left))
    except NeverOpen:
        return due


def promise_anew(ticket: Ticket, *, at: datetime) -> None:
    """Choose the policy again, after a change of kind, priority, client or project of a ticket."""
    ticket.sla = _chosen(ticket)
    if ticket.sla is None:
        ticket.answer_due_at = ticket.solution_due_at = None
        settle(ticket, None, None)
        return
    recompute(ticket, ticket.sla, week_of(ticket.sla.calendar), at=at)


def recompute(ticket: Ticket, policy: SlaPolicy, week: Week, *, at: datetime) -> bool:
    """Write anew the promises of an open ticket, by the rule above. Return whether one moved.

    The caller holds the ticket and saves it.
    """
    before = (ticket.answer_due_at, ticket.solution_due_at)
    events = list(
        ticket.events.order_by("created_at", "pk").values_list("created_at", "status")  # type: ignore[attr-defined]
    )
    seen = ticket.paused_at or at
    if ticket.answered_at is None:
        start = ticket.answer_from or ticket.created_at
        delay = policy.answer_delay(week)
        ticket.answer_due_at = _kept(ticket.answer_due_at, week, start, events, delay, seen)
    start = ticket.solution_from or ticket.created_at
    delay = policy.solution_delay(week)
    ticket.solution_due_at = _kept(ticket.solution_due_at, week, start, events, delay, seen)
    settle(ticket, policy, week)
    return before != (ticket.answer_due_at, ticket.solution_due_at)


def _kept(
    due: datetime | None,
    week: Week,
    start: datetime,
    events: list[tuple[datetime, str]],
    delay: timedelta,
    now: datetime,
) -> datetime | None:
    """Return the date to promise: the new one, unless one of both is past."""
    if due is not None and due < now:
        return due
    later = [event for event in events if event[0] >= start]
    try:
        new = due_over(week, stretches(start, later), delay, now=now)
    except NeverOpen:
        return due
    return due if due is not None and new < now else new
