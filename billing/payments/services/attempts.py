"""Starting to pay an invoice online."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, PayLink
from billing.payments import gateways, links
from billing.payments.amounts import Limits, WrongAmount
from billing.payments.channels import Channel, find_channel
from billing.payments.models import Anomaly, AttemptEvent, PaymentAttempt
from billing.payments.payers import describe_payer
from billing.payments.providers.base import (
    GatewayError,
    GatewayMisconfigured,
    Money,
    StartRequest,
    StartResult,
)
from billing.payments.references import new_reference
from billing.payments.services.anomalies import raise_anomaly
from billing.payments.services.refusal import Refusal
from core.accounts.models import User
from core.accounts.services import count_act
from core.audit.log import record
from core.live.publishing import tell

State = PaymentAttempt.State
STARTING = timedelta(seconds=10)  # longer without a page, and a start is dead
PAGE_LIFE = timedelta(hours=24)
FIRST_CHECK = timedelta(seconds=30)


class CannotPay(Refusal):
    """A payment cannot start."""


class NotPayable(CannotPay):
    """The invoice is not one to pay: draft, cancelled, paid; or it is being paid right now."""


class PaymentUnavailable(CannotPay):
    """The provider is off, down, or refused: nothing was left open."""


@dataclass(frozen=True)
class Wish:
    """How somebody wants to pay; the amount in whole units, None for the whole due."""

    amount: int | None
    channel: Channel
    actor: User
    key: str
    pay_link: PayLink | None


def start_attempt(
    *,
    invoice: Invoice,
    amount: int | None,
    channel: str,
    actor: User,
    idempotency_key: str,
    at: datetime,
    pay_link: PayLink | None = None,
) -> PaymentAttempt:
    """Open a payment page for an invoice, or return the one that is open for the same.

    `amount` is in whole units; None asks the whole due, rounded down to the provider's step.
    `pay_link` is the link that somebody who is not signed in pays by. Must not run inside a
    transaction: the provider is called between two of ours.

    :raises NotPayable: if the invoice is not to be paid.
    :raises CannotPay: if the amount or the channel cannot be.
    :raises PaymentUnavailable: if the provider does not open a page.
    """
    chosen = find_channel(channel)
    if chosen is None or chosen.key not in settings.CINETPAY_CHANNELS:
        raise CannotPay(_("Choisissez un moyen de paiement."))
    if not gateways.is_available(gateways.CINETPAY, at=at):
        raise PaymentUnavailable(GatewayMisconfigured.payer_message)
    wish = Wish(amount, chosen, actor, idempotency_key, pay_link)
    attempt, is_new = _reserve(invoice, wish, at)
    if not is_new:
        return attempt
    return _open_page(attempt, chosen, actor, at)


@transaction.atomic
def _reserve(invoice: Invoice, wish: Wish, at: datetime) -> tuple[PaymentAttempt, bool]:
    """Write the attempt down under the invoice's lock, or find the one to go on with."""
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    channel = wish.channel
    told_before = invoice.attempts.filter(idempotency_key=wish.key).first() if wish.key else None
    if told_before is not None:
        if _is_told_twice(told_before, invoice, wish.amount, channel):
            return told_before, False
        wish = replace(wish, key="")  # sent again after a failure, or changed: a new try
    if invoice.amount_due <= 0:
        raise NotPayable(_why_not_payable(invoice))
    amount = _choose_amount(invoice, wish.amount)
    live = invoice.attempts.select_for_update().filter(state__in=PaymentAttempt.LIVE).first()
    if live is not None and may_resume(live, at=at) and _is_same(live, amount, channel):
        return live, False
    if live is not None:
        _put_aside(live, at)
    return _create(invoice, amount, wish, at), True


def _is_told_twice(
    told: PaymentAttempt, invoice: Invoice, wanted: int | None, channel: Channel
) -> bool:
    """Tell whether a form was sent twice, rather than kept by a browser and changed."""
    if told.is_live and invoice.amount_due > 0:
        return _is_same(told, _choose_amount(invoice, wanted), channel)
    return told.state not in (State.FAILED, State.EXPIRED)


def may_resume(attempt: PaymentAttempt, *, at: datetime) -> bool:
    """Tell whether an attempt's payment page is still open to the payer."""
    return attempt.is_live and bool(attempt.redirect_url) and at < attempt.created_at + PAGE_LIFE


def _why_not_payable(invoice: Invoice) -> str:
    if invoice.status == Invoice.Status.CANCELLED:
        return _("Cette facture est annulée : il n’y a rien à payer.")
    if invoice.status == Invoice.Status.DRAFT:
        return _("Cette facture n’est pas encore émise.")
    return _("Cette facture est déjà réglée : il n’y a rien à payer.")


def _choose_amount(invoice: Invoice, wanted: int | None) -> int:
    capabilities = gateways.require_gateway(gateways.CINETPAY).capabilities
    try:
        return Limits.of(capabilities, invoice.currency).choose(invoice.amount_due, wanted)
    except WrongAmount as error:
        raise CannotPay(*error.args) from error


def _is_same(live: PaymentAttempt, amount: int, channel: Channel) -> bool:
    return live.amount == amount and live.channel == channel.key


def _put_aside(live: PaymentAttempt, at: datetime) -> None:
    """Expire a live attempt for a new one. Its money, should it come, is still honoured.

    :raises NotPayable: if it is only just being opened.
    """
    if live.state == State.CREATED and at < live.created_at + STARTING:
        raise NotPayable(_("Un paiement vient d’être lancé. Patientez quelques secondes."))
    live.state, live.ended_at = State.EXPIRED, at
    live.save(update_fields=["state", "ended_at"])
    record("payment_attempt_closed", live, state=live.state)


def _create(invoice: Invoice, amount: int, wish: Wish, at: datetime) -> PaymentAttempt:
    attempt = PaymentAttempt.objects.create(
        client_id=invoice.client_id,
        invoice=invoice,
        reference=new_reference(),
        provider=gateways.CINETPAY,
        channel=wish.channel.key,
        amount=amount,
        currency=invoice.currency,
        idempotency_key=wish.key,
        started_by=wish.actor if wish.actor.is_authenticated else None,
        pay_link=wish.pay_link,
        next_check_at=at + FIRST_CHECK,
        is_test=gateways.require_gateway(gateways.CINETPAY).capabilities.test_mode,
        created_at=at,
        expires_at=at + PAGE_LIFE,
    )
    by, channel = wish.actor, attempt.channel
    record("payment_attempt_started", attempt, actor=by, amount=amount, channel=channel)
    ids = {"attempt_id": attempt.pk, "invoice_id": invoice.pk}
    count_act("payment_tried", user=wish.actor, key=str(attempt.pk), at=at, **ids)
    tell("payments", client_id=attempt.client_id, row=attempt.pk)
    return attempt


def _open_page(
    attempt: PaymentAttempt, channel: Channel, actor: User, at: datetime
) -> PaymentAttempt:
    """Ask the provider for a page, outside any transaction, then write its address down."""
    try:
        with gateways.calling(attempt.provider, at=at) as gateway:
            opened = gateway.start(_request(attempt, channel, actor))
    except GatewayError as error:
        _close_unopened(attempt, error, at)
        raise PaymentUnavailable(str(error.payer_message)) from error
    return _write_page_down(attempt.pk, opened, at)


def _request(attempt: PaymentAttempt, channel: Channel, actor: User) -> StartRequest:
    page = settings.BASE_URL + links.page_path(attempt)
    notify = reverse("payments:webhook", args=[attempt.provider])
    return StartRequest(
        merchant_ref=attempt.reference,
        money=Money(attempt.amount, attempt.currency),
        description=_("Facture %(number)s") % {"number": attempt.invoice.number},
        payer=describe_payer(attempt.invoice.client, actor),
        return_url=settings.BASE_URL + reverse("payments:return"),
        cancel_url=page,
        notify_url=settings.CINETPAY_NOTIFY_URL or settings.BASE_URL + notify,
        channel=channel.group,
        metadata=str(attempt.pk),
    )


@transaction.atomic
def _write_page_down(attempt_id: int, opened: StartResult, at: datetime) -> PaymentAttempt:
    """Keep the page's address; the provider may have spoken before it answered us."""
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt_id)
    attempt.redirect_url, attempt.provider_token = opened.redirect_url, opened.provider_token[:200]
    if attempt.state == State.CREATED:
        attempt.state = State.PENDING
    attempt.save(update_fields=["redirect_url", "provider_token", "state"])
    told = {name: value for name, value in opened.raw.items() if name != "data"}
    _note(attempt, "opened", "", at, told)  # the page's address opens the payment: not kept twice
    return attempt


@transaction.atomic
def _close_unopened(attempt: PaymentAttempt, error: GatewayError, at: datetime) -> None:
    """Leave nothing half open: expired when the provider may hold it, else failed for good."""
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    if attempt.state == State.CREATED:
        attempt.state = State.EXPIRED if error.may_exist else State.FAILED
        attempt.ended_at = at
        attempt.last_code, attempt.last_message = error.code[:40], str(error)[:300]
    if not error.may_exist:
        attempt.next_check_at = None
    attempt.save(update_fields=["state", "ended_at", "last_code", "last_message", "next_check_at"])
    _note(attempt, type(error).__name__, error.code, at, {})
    if error.alert:
        raise_anomaly(
            key=f"start:{attempt.provider}:{error.code or type(error).__name__}:{at.date()}",
            kind=Anomaly.Kind.CONFIGURATION,
            detail=_("%(provider)s n’a pas ouvert le paiement : %(error)s")
            % {"provider": attempt.provider, "error": error},
            at=at,
            attempt=attempt,
        )


def _note(attempt: PaymentAttempt, outcome: str, code: str, at: datetime, raw: dict) -> None:
    AttemptEvent.objects.create(
        client_id=attempt.client_id,
        attempt=attempt,
        source=AttemptEvent.Source.START,
        code=code[:40],
        message=attempt.last_message,
        outcome=outcome[:40],
        raw=raw,
        happened_at=at,
    )
