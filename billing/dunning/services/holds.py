"""Holding an invoice, and letting it go: disputes, promises to pay, pauses."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.dunning.models import Dispute, Pause, PaymentPromise
from billing.invoicing.models import Invoice
from billing.invoicing.services.invoices import locked_invoice
from billing.invoicing.services.refusal import Refused
from core.access.grants import require
from core.access.roles import Grant
from core.accounts.models import Client
from core.audit.log import record
from core.live.publishing import tell
from core.notify.team import tell_team
from core.ui.formats import date_long
from portal.support.models import Ticket
from portal.support.services import open_ticket

LONGEST_PROMISE = timedelta(days=30)
LONGEST_PAUSE = timedelta(days=365)
SUBJECT = gettext_lazy("Contestation de la facture %(number)s")
State = PaymentPromise.State


class CannotHold(Refused):
    """The invoice is paid, held already, or the day does not fit."""


@transaction.atomic
def open_dispute(*, invoice: Invoice, reason: str, at: datetime, actor: Any) -> Dispute:
    """Note that a client contests an invoice: it is no longer reminded until this is closed.

    :raises CannotHold: if nothing is left to pay, or it is contested already.
    """
    invoice = _unpaid(invoice)
    return _dispute(invoice, reason, at, actor, is_by_client=False)


@transaction.atomic
def contest_invoice(*, invoice: Invoice, reason: str, at: datetime, actor: Any) -> Dispute:
    """Have a client contest an invoice: a ticket is opened with their words, the team is told.

    :raises CannotHold: if nothing is left to pay, or it is contested already.
    :raises PermissionDenied: if the person may not write to the support for this client.
    """
    require(actor, Grant.VIEW_BILLING, invoice.client_id)
    invoice = _unpaid(invoice)
    if _open_dispute(invoice) is not None:
        raise CannotHold(_("Vous contestez déjà cette facture : notre équipe vous répond."))
    ticket = open_ticket(
        client_id=invoice.client_id,
        project=None,
        subject=str(SUBJECT % {"number": invoice.number}),
        body=reason,
        priority=Ticket.Priority.HIGH,
        actor=actor,
        at=at,
        kind=Ticket.Kind.REQUEST,
    )
    return _dispute(invoice, reason, at, actor, is_by_client=True, ticket=ticket)


def _dispute(invoice: Invoice, reason: str, at: datetime, actor: Any, **facts: Any) -> Dispute:
    if _open_dispute(invoice) is not None:
        raise CannotHold(_("Cette facture est déjà contestée."))
    found = Dispute.objects.create(
        client_id=invoice.client_id,
        invoice=invoice,
        reason=reason,
        opened_by=actor,
        opened_at=at,
        **facts,
    )
    record("dispute_opened", invoice, actor=actor, reason=reason[:300])
    _changed(invoice)
    return found


@transaction.atomic
def close_dispute(*, dispute: Dispute, outcome: str, at: datetime, actor: Any) -> None:
    """Close a dispute, saying how it ended: the invoice is reminded again from the next run.

    :raises CannotHold: if it is closed already.
    """
    locked = Dispute.objects.select_for_update().get(pk=dispute.pk)
    if locked.closed_at is not None:
        raise CannotHold(_("Ce litige est déjà clos."))
    locked.closed_at, locked.closed_by, locked.outcome = at, actor, outcome
    locked.save(update_fields=["closed_at", "closed_by", "outcome"])
    record("dispute_closed", locked.invoice, actor=actor, outcome=outcome)
    _changed(locked.invoice)


@transaction.atomic
def promise_payment(
    *,
    invoice: Invoice,
    promised_for: date,
    on: date,
    at: datetime,
    actor: Any,
    is_by_client: bool,
    note: str = "",
) -> PaymentPromise:
    """Note the day on which an invoice will be paid: no reminder leaves until it has passed.

    A client promises once, for thirty days at most; the team notes another, which replaces it.

    :raises CannotHold: if nothing is left to pay, or the day does not fit.
    :raises PermissionDenied: if the person may not pay for the client.
    """
    if is_by_client:
        require(actor, Grant.PAY_INVOICES, invoice.client_id)
    invoice = _unpaid(invoice)
    _check_day(promised_for, on, LONGEST_PROMISE if is_by_client else LONGEST_PAUSE)
    _replace_promise(invoice, at, is_by_client=is_by_client)
    promise = PaymentPromise.objects.create(
        client_id=invoice.client_id,
        invoice=invoice,
        promised_for=promised_for,
        note=note,
        is_by_client=is_by_client,
        made_by=actor,
        made_at=at,
    )
    record("payment_promised", invoice, actor=actor, day=promised_for.isoformat())
    if is_by_client:
        text = _("%(client)s promet de payer la facture %(number)s le %(day)s.")
        _tell_team(invoice, "promised", text, promise)
    _changed(invoice)
    return promise


def _replace_promise(invoice: Invoice, at: datetime, *, is_by_client: bool) -> None:
    """End the promise that holds an invoice, for another; a client has one only."""
    promises = PaymentPromise.objects.filter(invoice=invoice)
    if is_by_client and promises.filter(is_by_client=True).exists():
        raise CannotHold(_("Vous avez déjà donné une date : écrivez-nous pour en changer."))
    if is_by_client and promises.filter(state=State.OPEN).exists():
        raise CannotHold(_("Une date est déjà convenue : écrivez-nous pour en changer."))
    promises.filter(state=State.OPEN).update(state=State.REPLACED, ended_at=at)


@transaction.atomic
def settle_promises(*, on: date, at: datetime) -> None:
    """End the promises whose invoice is paid, and those whose day has passed; tell the team."""
    rows = PaymentPromise.objects.select_for_update(of=("self",)).filter(state=State.OPEN)
    for promise in rows.select_related("invoice__client").order_by("pk"):
        invoice = promise.invoice
        if invoice.amount_due <= 0:
            paid_on = invoice.settled_at.date() if invoice.settled_at else on
            promise.state = State.KEPT if paid_on <= promise.promised_for else State.BROKEN
        elif promise.promised_for < on:
            promise.state = State.BROKEN
            text = _("%(client)s n’a pas payé la facture %(number)s le %(day)s, comme promis.")
            _tell_team(invoice, "broken", text, promise)
        else:
            continue
        promise.ended_at = at
        promise.save(update_fields=["state", "ended_at"])


@transaction.atomic
def pause_reminders(
    *,
    client: Client,
    invoice: Invoice | None,
    until: date,
    reason: str,
    on: date,
    at: datetime,
    actor: Any,
) -> Pause:
    """Send no reminder before a day: of one invoice, or of a client when `invoice` is None.

    :raises CannotHold: if the day has passed, or is more than a year away.
    """
    _check_day(until, on, LONGEST_PAUSE)
    pause = Pause.objects.create(
        client=client, invoice=invoice, until=until, reason=reason, made_by=actor, made_at=at
    )
    row = invoice or client
    record("dunning_paused", row, actor=actor, until=until.isoformat(), reason=reason)
    return pause


def skip_today(*, invoice: Invoice, on: date, at: datetime, actor: Any) -> Pause:
    """Send no reminder of an invoice on a day: it is asked again on the next.

    :raises CannotHold: never for a day of today.
    """
    return pause_reminders(
        client=invoice.client,
        invoice=invoice,
        until=on + timedelta(days=1),
        reason=_("Sautée pour ce passage"),
        on=on,
        at=at,
        actor=actor,
    )


@transaction.atomic
def end_pause(*, pause: Pause, at: datetime, actor: Any) -> None:
    """Let reminders leave again before the day of a pause. One that is over stays as it is."""
    if Pause.objects.filter(pk=pause.pk, ended_at=None).update(ended_at=at):
        record("dunning_resumed", pause.invoice or pause.client, actor=actor)


def _unpaid(invoice: Invoice) -> Invoice:
    invoice = locked_invoice(invoice)
    if invoice.amount_due <= 0:
        raise CannotHold(_("Il n’y a rien à payer sur cette facture."))
    return invoice


def _open_dispute(invoice: Invoice) -> Dispute | None:
    return Dispute.objects.filter(invoice=invoice, closed_at=None).first()


def _check_day(day: date, on: date, longest: timedelta) -> None:
    if day < on:
        raise CannotHold(_("Cette date est passée : choisissez une date à venir."))
    if day > on + longest:
        text = _("Cette date est trop loin : choisissez au plus le %(day)s.")
        raise CannotHold(text % {"day": date_long(on + longest)})


def _tell_team(invoice: Invoice, act: str, text: str, promise: PaymentPromise) -> None:
    words = {
        "client": invoice.client.name,
        "number": invoice.number,
        "day": date_long(promise.promised_for),
    }
    tell_team(
        f"promise_{act}",
        client_id=invoice.client_id,
        text=text % words,
        detail=promise.note,
        url=reverse("wagtailsnippets_invoicing_invoice:inspect", args=[invoice.pk]),
        key=str(promise.pk),
    )


def _changed(invoice: Invoice) -> None:
    tell("invoices", client_id=invoice.client_id, row=invoice.pk)
