"""How requests show in the back-office: their states, their clocks, in words and shapes."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.backoffice.columns import PlainColumn, StatusLook, status_badge
from portal.support.delays import Weeks
from portal.support.hours import Week, working_time
from portal.support.models import Ticket

LOOKS = {
    Ticket.Status.OPEN: StatusLook("todo", "now"),
    Ticket.Status.TAKEN: StatusLook("half", "now"),
    Ticket.Status.WAITING: StatusLook("reply", "warn"),
    Ticket.Status.SOLVED: StatusLook("done", "ok"),
    Ticket.Status.CLOSED: StatusLook("cancel"),
}
# What clients read as « Nous attendons votre réponse », the team reads from its own side.
WAITING = _("En attente du client")
STATES = [
    (value, WAITING if value == Ticket.Status.WAITING else word)
    for value, word in Ticket.Status.choices
]
PRIORITY_LOOKS = {
    Ticket.Priority.LOW: StatusLook("todo"),
    Ticket.Priority.NORMAL: StatusLook("half"),
    Ticket.Priority.HIGH: StatusLook("late", "bad"),
}
FAR = timedelta(days=60)  # beyond, a date says more than a number of hours


def state_of(ticket: Ticket) -> Any:
    """Return the state of a ticket in the words of the team."""
    return WAITING if ticket.status == Ticket.Status.WAITING else ticket.get_status_display()


def duration(span: timedelta, day: timedelta) -> str:
    """Write working time in short: « 1 j 4 h », « 3 h 20 », « 35 min »."""
    minutes = int(span.total_seconds() // 60)
    per_day = int(day.total_seconds() // 60) or 24 * 60
    days, rest = divmod(minutes, per_day)
    hours, left = divmod(rest, 60)
    if days:
        return f"{days} j {hours} h" if hours else f"{days} j"
    if hours:
        return f"{hours} h {left:02d}" if left else f"{hours} h"
    return f"{left} min"


def countdown(ticket: Any, *, is_answer: bool, week: Week | None, at: datetime) -> tuple[str, str]:
    """Return where a clock of a ticket stands: what is said, and its tone."""
    due = ticket.answer_due_at if is_answer else ticket.solution_due_at
    done = ticket.answered_at if is_answer else ticket.solved_at
    if due is None or week is None:
        return "", ""
    if done is not None or ticket.is_over:
        if done is None:
            return "—", ""
        return (_text("tenu"), "ok") if done <= due else (_text("manqué"), "bad")
    if ticket.paused_at is not None:
        left = duration(working_time(week, ticket.paused_at, due), week.longest_day)
        return _text("en pause, reste %(left)s") % {"left": left}, ""
    if at > due:
        if at - due > FAR:
            return _text("dépassé le %(day)s") % {"day": f"{due:%d/%m/%Y}"}, "bad"
        late = duration(working_time(week, due, at), week.longest_day)
        return _text("dépassé de %(late)s") % {"late": late}, "bad"
    left = duration(working_time(week, at, due), week.longest_day)
    is_near = ticket.warn_at is not None and ticket.warn_at <= at and due == ticket.next_due_at
    return _text("reste %(left)s") % {"left": left}, "warn" if is_near else "ok"


class ClockColumn(PlainColumn):
    """A countdown in working hours. Rows carry the weeks and the moment: see `TicketIndexView`."""

    LOOKS = {
        "ok": StatusLook("half", "ok"),
        "warn": StatusLook("due", "warn"),
        "bad": StatusLook("late", "bad"),
    }

    def __init__(self, name: str, *, is_answer: bool, **kwargs: Any):
        super().__init__(name, **kwargs)
        self.is_answer = is_answer

    def get_value(self, instance: Any) -> Any:
        said, tone = countdown(
            instance, is_answer=self.is_answer, week=instance.week, at=instance.seen_at
        )
        return status_badge(self.LOOKS.get(tone, StatusLook("todo")), said) if said else "—"


def with_clocks(rows: Any, weeks: Weeks, at: datetime) -> Any:
    """Give rows, read with their policy, what a countdown needs."""
    for row in rows:
        row.week = weeks.get(row.sla.calendar_id) if row.sla_id is not None else None
        row.seen_at = at
    return rows


def level_badge(ticket: Ticket) -> Any:
    """Return the level of an escalated ticket, or nothing."""
    if not ticket.level:
        return ""
    word = _text("Niveau %(level)s") % {"level": ticket.level}
    return format_html(' <span class="nx-level">{}</span>', word)
