"""Reminding of what is due: one message per step, invoice and due date, however often it runs."""

import logging
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.dunning.engine import WITHHELD_KEY, Hold, Step
from billing.dunning.models import DunningNotice, DunningRun
from billing.dunning.reach import ways_of
from billing.dunning.reading import Case, cases_on, read_cases
from billing.dunning.services.holds import settle_promises
from billing.dunning.services.messages import LETTER, LETTER_TOPIC, owe_case_mail, owe_texts
from billing.invoicing.models import Invoice, InvoiceEvent
from billing.invoicing.services.invoices import add_event, locked_invoice
from billing.invoicing.services.refusal import Refused
from core.access.grants import holders
from core.access.roles import Grant
from core.audit.log import record
from core.live.publishing import tell
from core.money import format_amount
from core.notify import channels, sms
from core.notify.announcing import announce
from core.outbox.services import owe
from core.ui.formats import date_long

logger = logging.getLogger(__name__)
NOT_BY_HAND = (Hold.DISPUTED, Hold.PAYING, Hold.UNREACHABLE)  # a person does not overrule these
BEFORE = gettext_lazy("Facture {number} : {amount} à régler avant le {due}")
AFTER = gettext_lazy("Facture {number} : {amount} en retard depuis le {due}")
WITHHELD = gettext_lazy("Facture {number} : votre attestation de retenue de {amount} est attendue")


class CannotRemind(Refused):
    """There is nothing to remind of, or something forbids it."""


def find_reminders(*, on: date, at: datetime) -> list[Case]:
    """Return the invoices that a day calls for, to send or held; run in the team's scope."""
    return cases_on(on, at=at)


def send_reminders(*, on: date, at: datetime) -> list[Case]:
    """Send what a day calls for, each invoice in a transaction of its own; return what was sent.

    What fails is written in the log of runs and does not keep the others from leaving.
    """
    run = DunningRun.objects.create(on=on, started_at=at)
    settle_promises(on=on, at=at)
    sent, failed = [], 0
    cases = cases_on(on, at=at)
    for case in cases:
        if not case.decision.is_to_send:
            continue
        try:
            if told := _send(case, on, at):
                sent.append(told)
        except (DatabaseError, LookupError, ValueError):
            failed += 1
            logger.exception("dunning: invoice %s", case.invoice.pk)
    held = sum(1 for case in cases if case.decision.hold)
    DunningRun.objects.filter(pk=run.pk).update(
        ended_at=at, sent=len(sent), held=held, failed=failed
    )
    return sent


@transaction.atomic
def _send(case: Case, on: date, at: datetime) -> Case | None:
    """Tell one step of an invoice, unless something changed since it was read."""
    invoice = locked_invoice(case.invoice)
    if invoice.amount_due <= 0 or invoice.due_date is None:
        return None
    (now,) = read_cases([invoice], on=on, at=at)
    if not now.decision.is_to_send:
        return None
    _tell(now, now.step, at=at, actor=None, passed=now.decision.passed)
    return now


@transaction.atomic
def remind_now(*, invoice: Invoice, on: date, at: datetime, actor: Any) -> str:
    """Remind of an invoice at once, as a person decides; return the name of the step sent.

    The furthest step reached, if it was not told; else its message once more, once a day. Pauses,
    promises and closed days do not hold it; a dispute and a payment under way do.

    :raises CannotRemind: if nothing is left to pay, or something forbids it.
    """
    invoice = locked_invoice(invoice)
    if invoice.amount_due <= 0 or invoice.due_date is None:
        raise CannotRemind(_("Il n’y a rien à payer sur cette facture."))
    (case,) = read_cases([invoice], on=on, at=at)
    step = _step_by_hand(case, on)
    if case.account.is_disputed:
        raise CannotRemind(_("Cette facture est contestée : répondez d’abord au client."))
    if case.account.is_being_paid:
        raise CannotRemind(_("Un paiement est en cours sur cette facture."))
    if step.key in case.account.told:
        step = _once_more(step, on)
    if DunningNotice.objects.filter(
        invoice=invoice, due_date=invoice.due_date, step=step.key
    ).exists():
        raise CannotRemind(_("Cette facture a déjà été relancée aujourd’hui."))
    passed = case.decision.passed if case.decision.step == step else ()
    if not _tell(case, step, at=at, actor=actor, passed=passed):
        raise CannotRemind(_("Ce client n’a ni adresse e-mail ni téléphone."))
    return str(step.label)


def _step_by_hand(case: Case, on: date) -> Step:
    """Return the step whose message a person sends: reached, else the first of the ladder."""
    if case.decision.step is not None and case.decision.hold != Hold.GAP:
        return case.decision.step
    days = (on - case.account.due_date).days
    told = [step for step in case.ladder.steps if step.key in case.account.told]
    reached = [step for step in case.ladder.steps if step.days <= days]
    return (told or reached or list(case.ladder.steps))[-1 if told or reached else 0]


def _once_more(step: Step, on: date) -> Step:
    values = {name: getattr(step, name) for name in Step.__dataclass_fields__}
    return Step(**{**values, "key": f"{step.key[:11]}-{on:%y%m%d}", "label": _("Relance manuelle")})


def _tell(case: Case, step: Step, *, at: datetime, actor: Any, passed: tuple[Step, ...]) -> bool:
    """Write a step down with those it overtakes, and owe its messages. Tell if somebody is told."""
    invoice = case.invoice
    ways = ways_of(step, case.reach, has_sms=sms.gateway() is not None)
    if not ways:
        return False
    key = f"dunning:{invoice.pk}:{invoice.due_date:%Y%m%d}:{step.key}"
    has_letter = step.with_letter and channels.EMAIL in ways
    names = [*ways, *([LETTER] if has_letter else [])]
    notice = _write_down(case, step, passed, names, key, at)
    if has_letter:  # the letter is drawn by a worker, then the mail leaves with it
        owe(LETTER_TOPIC, key=f"letter:{key}"[:200], payload={"notice_id": notice.pk})
    elif channels.EMAIL in ways:
        owe_case_mail(case, step, key=key, at=at)
    owe_texts(case, step, ways, key=key, at=at)
    _announce(case, step, key)
    add_event(invoice, InvoiceEvent.Kind.REMINDED, at=at, actor=actor, detail=str(step.label))
    to = sorted({address for addresses in ways.values() for address in addresses})
    record("invoice_reminded", invoice, actor=actor, step=step.key, channels=names, to=to)
    tell("invoices", client_id=invoice.client_id, row=invoice.pk)
    return True


def _write_down(
    case: Case, step: Step, passed: tuple[Step, ...], names: list[str], key: str, at: datetime
) -> DunningNotice:
    """Write the step down, and those it overtakes that were never told."""
    invoice = case.invoice
    facts: dict[str, Any] = {
        "client_id": invoice.client_id,
        "invoice": invoice,
        "due_date": invoice.due_date,
        "amount_due": invoice.amount_due,
        "created_at": at,
    }
    DunningNotice.objects.bulk_create(
        DunningNotice(**facts, step=each.key, label=each.label, days=each.days, is_sent=False)
        for each in passed
    )
    return DunningNotice.objects.create(
        **facts, step=step.key, label=step.label, days=step.days, channels=names, key=key
    )


def _announce(case: Case, step: Step, key: str) -> None:
    invoice = case.invoice
    words = WITHHELD if step.key == WITHHELD_KEY else BEFORE if step.days < 0 else AFTER
    announce(
        "invoice_due",
        client_id=invoice.client_id,
        to=holders(Grant.PAY_INVOICES, invoice.client_id),
        text=format_lazy(
            words,
            number=invoice.number,
            amount=format_amount(case.amount, invoice.currency),
            due=date_long(invoice.due_date) if invoice.due_date else "",
        ),
        url=reverse("invoicing:invoice", args=[invoice.number]),
        key=key.removeprefix("dunning:"),
    )


def send_test(*, invoice: Invoice, step: Step, on: date, at: datetime, actor: Any) -> None:
    """Owe a person of the team the mail of a step, as this invoice would send it. Nothing else."""
    (case,) = read_cases([invoice], on=on, at=at)
    owe_case_mail(
        case,
        step,
        key=f"dunning-test:{invoice.pk}:{step.key}:{at:%Y%m%d%H%M%S}",
        at=at,
        to=[actor.email],
        is_test=True,
    )
