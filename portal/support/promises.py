"""The delays promised on a ticket, said to people."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.ui.formats import clock_time, date_weekday, moment
from portal.support.models import Ticket


def answer_promise(ticket: Ticket, at: datetime | None = None) -> str:
    """Say by when we answer first, or nothing when no delay was promised.

    Without the moment of now, with its date: a mail may be read another day.
    """
    if ticket.answer_due_at is None:
        return ""
    return _("Première réponse au plus tard %(moment)s.") % {
        "moment": _said(ticket.answer_due_at, at)
    }


def promise_now(ticket: Ticket, at: datetime) -> tuple[str, bool]:
    """Say what we owe on a ticket now, and whether it is late. Nothing when it is not our turn."""
    if ticket.is_over or ticket.status == Ticket.Status.WAITING:
        return "", False
    if ticket.answered_at is None:
        if ticket.answer_due_at is not None and at > ticket.answer_due_at:
            return _late_answer(ticket, at), True
        return answer_promise(ticket, at), False
    if ticket.solution_due_at is None:
        return "", False
    said = {"moment": _said(ticket.solution_due_at, at)}
    if at > ticket.solution_due_at:
        return _(
            "La résolution était promise pour %(moment)s. Veuillez nous en excuser."
        ) % said, True
    return _("Résolution au plus tard %(moment)s.") % said, False


def _late_answer(ticket: Ticket, at: datetime) -> str:
    said = {"moment": _said(ticket.answer_due_at, at)}
    return _("Notre réponse était promise pour %(moment)s. Elle arrive au plus vite.") % said


def _said(moment_due: datetime | None, at: datetime | None) -> str:
    """Write a moment as people say it: "demain, 9 h", or "lundi 23 novembre, 9 h"."""
    if moment_due is None:
        return ""
    due = timezone.localtime(moment_due)
    if at is None:
        return f"{date_weekday(due)}, {clock_time(due)}"
    return moment(due, timezone.localtime(at))
