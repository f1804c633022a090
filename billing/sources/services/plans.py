"""What the team changes of a contract: pauses, prices from a day, periods passed over or redone."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.invoicing.services import Refused
from billing.sources.models import (
    RecurringInvoice,
    RecurringLine,
    RecurringPause,
    RecurringRun,
)
from billing.sources.queries import next_period, pending
from billing.sources.schedule import Period
from core.audit.log import record


class CannotPlan(Refused):
    """The contract is not in a state for the act."""


def open_pause(schedule: RecurringInvoice) -> RecurringPause | None:
    """Return the pause that a contract is in, if it is in one."""
    return schedule.pauses.filter(ends_on=None).first()


@transaction.atomic
def pause_schedule(
    *, schedule: RecurringInvoice, reason: str, on: date, actor: Any
) -> RecurringPause:
    """Stop billing a contract from a day on, until it is resumed.

    :raises CannotPlan: if it is paused already, or no reason is given.
    """
    _hold(schedule)
    if not reason.strip():
        raise CannotPlan(_("Indiquez le motif de la suspension."))
    if open_pause(schedule) is not None:
        raise CannotPlan(_("Cet abonnement est déjà suspendu."))
    return _pause(schedule, reason.strip(), on, actor)


def suspend(schedule: RecurringInvoice, *, on: date) -> bool:
    """Pause a locked contract whose client is gone; False if it is paused already."""
    if open_pause(schedule) is not None:
        return False
    stage = schedule.client.get_stage_display().lower()
    _pause(schedule, _("Client %(stage)s") % {"stage": stage}, on, None)
    return True


@transaction.atomic
def resume_schedule(
    *, schedule: RecurringInvoice, bill_missed: bool, on: date, at: datetime, actor: Any
) -> list[RecurringRun]:
    """Bill a contract again. Without `bill_missed`, periods that began meanwhile are passed over.

    Return the periods passed over.

    :raises CannotPlan: if it is not paused.
    """
    _hold(schedule)
    pause = open_pause(schedule)
    if pause is None:
        raise CannotPlan(_("Cet abonnement n’est pas suspendu."))
    pause.ends_on = on
    pause.save(update_fields=["ends_on"])
    skipped = [] if bill_missed else _skip_missed(schedule, pause, on=on, at=at, actor=actor)
    record("recurring_resumed", schedule, actor=actor, skipped=len(skipped))
    return skipped


@transaction.atomic
def skip_period(
    *, schedule: RecurringInvoice, reason: str, at: datetime, actor: Any
) -> RecurringRun:
    """Pass over the next period of a contract: it will not be billed.

    :raises CannotPlan: if there is none, or no reason is given.
    """
    _hold(schedule)
    period = next_period(schedule)
    if not reason.strip():
        raise CannotPlan(_("Indiquez pourquoi cette période n’est pas facturée."))
    if period is None:
        raise CannotPlan(_("Cet abonnement n’a plus de période à facturer."))
    run = _skip(schedule, period, reason.strip(), at, actor)
    record("recurring_skipped", schedule, actor=actor, period=str(period.start), reason=reason)
    return run


@transaction.atomic
def change_price(
    *, line: RecurringLine, unit_price: Decimal, start: date, actor: Any
) -> RecurringLine:
    """Have a line cost another price for the periods that begin from a day on.

    `unit_price` is in minor units. Periods that began before keep the former price, those not
    billed yet too. A price that was to begin on the same day is replaced.

    :raises CannotPlan: if a period that begins later is billed already, or the line ended.
    """
    schedule = line.schedule
    _hold(schedule)
    line = RecurringLine.objects.select_for_update().get(pk=line.pk)
    last = schedule.runs.filter(is_skipped=False).aggregate(last=Max("period_start"))["last"]
    if last is not None and start <= last:
        text = _("La période du %(day)s est déjà facturée : choisissez une date après elle.")
        raise CannotPlan(text % {"day": f"{last:%d/%m/%Y}"})
    if line.valid_until is not None and line.valid_until < start:
        raise CannotPlan(_("Cette ligne sera terminée à cette date."))
    before = line.unit_price
    if line.valid_from is not None and line.valid_from >= start:
        line.unit_price = unit_price
        line.save(update_fields=["unit_price"])
        new = line
    else:
        new = _split(line, unit_price, start)
    changes = {line.label: [str(before), str(unit_price)]}
    record("recurring_repriced", schedule, actor=actor, changes=changes, start=str(start))
    return new


@transaction.atomic
def free_period(*, run: RecurringRun, actor: Any) -> None:
    """Have a period billed again: it was passed over, or its invoice deleted or cancelled.

    :raises CannotPlan: if its invoice stands.
    """
    schedule = run.schedule
    _hold(schedule)
    run = RecurringRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    invoice = run.invoice
    if invoice is not None and invoice.status != Invoice.Status.CANCELLED:
        raise CannotPlan(_("Cette période a sa facture."))
    record("recurring_freed", schedule, actor=actor, period=str(run.period_start))
    run.delete()


def _hold(schedule: RecurringInvoice) -> None:
    RecurringInvoice.objects.select_for_update().only("pk").get(pk=schedule.pk)


def _pause(schedule: RecurringInvoice, reason: str, on: date, actor: Any) -> RecurringPause:
    pause = RecurringPause.objects.create(
        client_id=schedule.client_id, schedule=schedule, starts_on=on, reason=reason, actor=actor
    )
    record("recurring_paused", schedule, actor=actor, reason=reason)
    return pause


def _skip_missed(
    schedule: RecurringInvoice, pause: RecurringPause, *, on: date, at: datetime, actor: Any
) -> list[RecurringRun]:
    """Pass over the periods whose invoice was to be made during a pause, before today.

    One that was due before the pause is still billed.
    """
    paused = takewhile(lambda period: period.bill_on < on, pending(schedule))
    reason = _("Suspendu : %(reason)s") % {"reason": pause.reason}
    return [
        _skip(schedule, period, reason, at, actor)
        for period in list(paused)
        if period.bill_on >= pause.starts_on
    ]


def _skip(
    schedule: RecurringInvoice, period: Period, reason: str, at: datetime, actor: Any
) -> RecurringRun:
    return RecurringRun.objects.create(
        client_id=schedule.client_id,
        schedule=schedule,
        period_start=period.start,
        period_end=period.end,
        is_skipped=True,
        reason=reason[:300],
        actor=actor,
        made_at=at,
    )


def _split(line: RecurringLine, unit_price: Decimal, start: date) -> RecurringLine:
    """End a line the day before, and begin its copy at the new price."""
    until = line.valid_until
    new = RecurringLine.objects.get(pk=line.pk)
    line.valid_until = start - timedelta(days=1)
    line.save(update_fields=["valid_until"])
    new.pk, new._state.adding = None, True
    new.unit_price, new.valid_from, new.valid_until = unit_price, start, until
    new.save()
    return new
