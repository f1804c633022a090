"""Billing the periods of contracts: each once, in order, however often the job runs."""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from billing.invoicing.figures import InvalidFigure
from billing.invoicing.models import Invoice
from billing.invoicing.services import Refused, issue_invoice, send_invoice
from billing.sources.models import RecurringInvoice, RecurringRun
from billing.sources.queries import Due, find_due, next_period
from billing.sources.schedule import Period
from billing.sources.services.alarms import tell_failed, tell_left, tell_suspended
from billing.sources.services.papers import write_draft
from billing.sources.services.plans import open_pause, suspend
from billing.sources.wording import UnknownVariable
from core.accounts.models import Client
from core.audit.log import record

logger = logging.getLogger(__name__)
MOST_PER_NIGHT = 500  # invoices; the rest waits for the next night, and the team is told
GONE = (Client.Stage.LOST, Client.Stage.ARCHIVED)


class CannotBill(Refused):
    """The contract has no period to bill, or was paused."""


@dataclass
class Night:
    """What one run of the job did: the invoices made, what failed and why, what is left."""

    billed: list[RecurringRun] = field(default_factory=list)
    failed: list[tuple[RecurringInvoice, str]] = field(default_factory=list)
    suspended: list[RecurringInvoice] = field(default_factory=list)
    left: int = 0


def bill_due(*, on: date, at: datetime, most: int = MOST_PER_NIGHT) -> Night:
    """Bill every period that is due by a day, each in a transaction of its own.

    One that fails leaves its contract « en panne » until it succeeds, its later periods too.
    """
    night = Night()
    stopped: set[int] = set()
    for due in find_due(on=on):
        if due.schedule_id in stopped:
            continue
        if len(night.billed) >= most:
            night.left += 1
        elif not _bill_one(due, night, on=on, at=at):
            stopped.add(due.schedule_id)
    if night.left:
        tell_left(night.left, on=on)
    return night


def bill_now(
    *, schedule: RecurringInvoice, start: date, on: date, at: datetime, actor: Any
) -> RecurringRun:
    """Bill the next period of a contract at once, due or not, dated today.

    `start` is the day the period begins, as the person saw it: two clicks bill it once.

    :raises CannotBill: if it is over or paused, or if the period was dealt with meanwhile.
    :raises billing.invoicing.services.Refused: if its invoice cannot be made.
    """
    with transaction.atomic():
        schedule = locked_schedule(schedule.pk)
        if open_pause(schedule) is not None:
            raise CannotBill(_("Cet abonnement est suspendu : reprenez-le d’abord."))
        period = next_period(schedule)
        if period is None:
            raise CannotBill(_("Cet abonnement n’a plus de période à facturer."))
        if period.start != start:
            raise CannotBill(_("Cette période vient d’être facturée ou passée."))
        return _bill_period(schedule, period, on=on, at=at, actor=actor)


def locked_schedule(pk: int) -> RecurringInvoice:
    """Read a contract again and hold it until the transaction ends."""
    rows = RecurringInvoice.objects.select_for_update(of=("self",))
    return rows.select_related("client", "company", "withheld_rule", "added_rule").get(pk=pk)


def make_invoice(
    schedule: RecurringInvoice, period: Period, *, on: date, at: datetime, actor: Any
) -> Invoice:
    """Make the invoice of a period as the contract wants it: a draft, issued, or sent too.

    :raises billing.invoicing.services.Refused: if it cannot be made.
    """
    try:
        invoice = write_draft(schedule, period, on=on)
    except UnknownVariable as trouble:
        raise CannotBill(str(trouble)) from trouble
    except InvalidFigure as trouble:
        raise CannotBill(_(trouble.message)) from trouble
    if schedule.outcome == RecurringInvoice.Outcome.DRAFT:
        return invoice
    invoice = issue_invoice(invoice=invoice, on=on, at=at, actor=actor)
    if schedule.outcome == RecurringInvoice.Outcome.SEND:
        send_invoice(invoice=invoice, actor=actor)
    return invoice


def _bill_one(due: Due, night: Night, *, on: date, at: datetime) -> bool:
    """Bill one period and note what came of it; False stops the contract for this night."""
    try:
        with transaction.atomic():
            schedule = locked_schedule(due.schedule_id)
            if schedule.client.stage in GONE:
                if suspend(schedule, on=on):
                    tell_suspended(schedule, on=on)
                    night.suspended.append(schedule)
                return False
            if open_pause(schedule) is not None or next_period(schedule) != due.period:
                return False  # somebody was faster
            night.billed.append(_bill_period(schedule, due.period, on=on, at=at, actor=None))
    except Refused as trouble:
        night.failed.append((_note_failure(due, trouble.message, at), trouble.message))
        return False
    except DatabaseError:
        logger.exception("The period %s of contract %s", due.period.start, due.schedule_id)
        reason = _("Erreur technique, notée dans le journal du serveur.")
        night.failed.append((_note_failure(due, reason, at), reason))
        return False
    return True


def _bill_period(
    schedule: RecurringInvoice, period: Period, *, on: date, at: datetime, actor: Any
) -> RecurringRun:
    """Make the invoice of a locked contract's next period, and the row that says so."""
    run = RecurringRun(
        client_id=schedule.client_id,
        schedule=schedule,
        period_start=period.start,
        period_end=period.end,
        actor=actor,
        made_at=at,
    )
    run.invoice = make_invoice(schedule, period, on=on, at=at, actor=actor)
    run.save()
    if schedule.failure:
        schedule.failure, schedule.failed_at = "", None
        schedule.save(update_fields=["failure", "failed_at", "updated_at"])
    period_text = f"{period.start} / {period.end}"
    record("recurring_billed", schedule, actor=actor, period=period_text, invoice=str(run.invoice))
    return run


@transaction.atomic
def _note_failure(due: Due, reason: str, at: datetime) -> RecurringInvoice:
    """Leave a contract « en panne » with the reason; the team hears of each reason once."""
    schedule = locked_schedule(due.schedule_id)
    if schedule.failure != reason[:500]:
        schedule.failure, schedule.failed_at = reason[:500], schedule.failed_at or at
        schedule.save(update_fields=["failure", "failed_at", "updated_at"])
        record("recurring_failed", schedule, reason=reason, period=str(due.period.start))
        tell_failed(schedule, period=due.period, at=at)
    return schedule
