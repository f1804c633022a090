"""Calling again: a follow-up is planned, made or put off, and each is kept."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.log import record
from portal.crm.models import FollowUp, Opportunity


class FollowUpRefused(Exception):
    """Nothing was written; `message` says why."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@transaction.atomic
def finish_follow_up(
    *,
    opportunity: Opportunity,
    actor: Any,
    at: datetime,
    on: date,
    due: date | None = None,
    note: str = "",
    next_on: date | None = None,
    next_step: str = "",
) -> Opportunity:
    """Say that a follow-up was made, what came of it, and when the next one is.

    `due` is the day that the person saw: a second click then changes nothing more.

    :raises FollowUpRefused: if there is none any more, or the next one is in the past.
    """
    row, due_on = _held(opportunity, due)
    _require_coming(next_on, on)
    _keep(row, due_on, FollowUp.Outcome.DONE, actor=actor, at=at, note=note, next_on=next_on)
    record("follow_up_done", row, actor=actor, note=note[:200])
    return _plan(row, next_on, next_step if next_on else "")


@transaction.atomic
def postpone_follow_up(
    *,
    opportunity: Opportunity,
    to: date,
    actor: Any,
    at: datetime,
    on: date,
    due: date | None = None,
    note: str = "",
) -> Opportunity:
    """Put a follow-up off to another day; what is to do stays.

    :raises FollowUpRefused: if there is none any more, or the day is past.
    """
    row, due_on = _held(opportunity, due)
    _require_coming(to, on)
    if to == due_on:
        return row
    _keep(row, due_on, FollowUp.Outcome.POSTPONED, actor=actor, at=at, note=note, next_on=to)
    changes = {"follow_up_date": [str(due_on), str(to)]}
    record("follow_up_postponed", row, actor=actor, changes=changes)
    return _plan(row, to, row.next_step)


@transaction.atomic
def plan_follow_up(
    *, opportunity: Opportunity, to: date, step: str, actor: Any, on: date
) -> Opportunity:
    """Say when to call again and what to do then.

    :raises FollowUpRefused: if the day is past or the sale is over.
    """
    row = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    if row.is_closed:
        raise FollowUpRefused(_("Cette opportunité est close : rouvrez-la d’abord."))
    _require_coming(to, on)
    changes = {"follow_up_date": [str(row.follow_up_date or ""), str(to)]}
    record("follow_up_planned", row, actor=actor, changes=changes)
    return _plan(row, to, step)


def _held(opportunity: Opportunity, due: date | None) -> tuple[Opportunity, date]:
    row = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    if row.follow_up_date is None or (due is not None and due != row.follow_up_date):
        raise FollowUpRefused(
            _("La relance de « %(title)s » a déjà été faite ou déplacée.") % {"title": row.title}
        )
    return row, row.follow_up_date


def _require_coming(day: date | None, on: date) -> None:
    if day is not None and day < on:
        raise FollowUpRefused(_("Choisissez aujourd’hui ou un jour à venir."))


def _keep(
    row: Opportunity,
    due_on: date,
    outcome: str,
    *,
    actor: Any,
    at: datetime,
    note: str,
    next_on: date | None,
) -> None:
    FollowUp.objects.create(
        client_id=row.client_id,
        opportunity=row,
        outcome=outcome,
        due_on=due_on,
        step=row.next_step,
        note=note,
        next_on=next_on,
        made_by=actor,
        made_at=at,
    )


def _plan(row: Opportunity, day: date | None, step: str) -> Opportunity:
    row.follow_up_date, row.next_step = day, step
    row.version += 1
    row.save(update_fields=["follow_up_date", "next_step", "version", "search_norm", "updated_at"])
    return row
