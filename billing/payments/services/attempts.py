"""Starting to pay an invoice online; `sales` does the same for a sale without one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, PayLink
from billing.payments.amounts import WrongAmount
from billing.payments.models import PaymentAttempt
from billing.payments.payables import Payable
from billing.payments.providers.base import (
    GatewayError,
    GatewayMisconfigured,
    GatewayUnavailable,
)
from billing.payments.references import new_reference
from billing.payments.routing import (
    OpenChannel,
    Route,
    find_open_channel,
    find_rules,
    is_currency_refused,
)
from billing.payments.services.opening import close_at_provider, close_unopened, open_page
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
    """How somebody wants to pay; the amount in minor units, None for the whole due."""

    amount: int | None
    channel: OpenChannel
    route: Route
    actor: User
    key: str
    pay_link: PayLink | None


@dataclass(frozen=True)
class Reserved:
    """An attempt to open or to go on with, and one put aside that a payer might still pay."""

    attempt: PaymentAttempt
    is_new: bool
    aside: PaymentAttempt | None = None


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

    `amount` is in minor units; None asks the whole due, rounded down to the provider's step.
    `pay_link` is the link that somebody who is not signed in pays by. When the first provider of
    the channel is down, the next one is asked, as long as no payment can have been opened. Must
    not run inside a transaction: the provider is called between two of ours.

    :raises NotPayable: if the invoice is not to be paid.
    :raises CannotPay: if the amount or the channel cannot be.
    :raises PaymentUnavailable: if no provider opens a page.
    """
    invoice = Invoice.objects.select_related("client").get(pk=invoice.pk)  # as it is by now
    offered = find_open_channel(payable=invoice, key=channel, user=actor, at=at)
    if offered is None:
        raise _why_not_offered(invoice, channel, actor, at)
    wishes = [
        Wish(amount, offered, route, actor, idempotency_key, pay_link) for route in offered.routes
    ]
    return open_first(wishes, at, reserve=lambda wish: _reserve(invoice, wish, at))


def open_first(
    wishes: Sequence[Wish], at: datetime, *, reserve: Callable[[Wish], Reserved]
) -> PaymentAttempt:
    """Open a page by the first route that answers; stop where a payment may have been opened.

    `reserve` writes the attempt of a wish down in a transaction of its own, or finds it.

    :raises PaymentUnavailable: if no provider opens a page.
    """
    refusal: GatewayError = GatewayMisconfigured("no route")
    for wish in wishes:
        reserved = reserve(wish)
        if not reserved.is_new:
            return reserved.attempt
        if reserved.aside is not None:
            close_at_provider(reserved.aside, at)
        try:
            return open_page(reserved.attempt, wish.route, wish.actor, at)
        except GatewayError as error:
            close_unopened(reserved.attempt, error, at)
            refusal = error
            if error.may_exist or not isinstance(error, GatewayUnavailable | GatewayMisconfigured):
                break
    raise PaymentUnavailable(str(refusal.payer_message)) from refusal


def _why_not_offered(invoice: Invoice, channel: str, actor: User, at: datetime) -> CannotPay:
    """Say why a channel cannot be used: unknown, not offered, or nobody to serve it now."""
    rules = find_rules(invoice.company_id, channel)
    is_offered = rules is not None and rules.is_enabled
    if is_offered and invoice.amount_payable_now <= 0:
        return NotPayable(_why_not_payable(invoice))
    facts = {"currency": invoice.currency, "country": invoice.client.country}
    if rules is None or not is_offered or not rules.is_for(**facts):
        return CannotPay(_("Choisissez un moyen de paiement."))
    if is_currency_refused(invoice, rules):
        return CannotPay(_("Cette devise ne se paie pas en ligne."))
    return PaymentUnavailable(GatewayMisconfigured.payer_message)


@transaction.atomic
def _reserve(invoice: Invoice, wish: Wish, at: datetime) -> Reserved:
    """Write the attempt down under the invoice's lock, or find the one to go on with."""
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    told_before = invoice.attempts.filter(idempotency_key=wish.key).first() if wish.key else None
    if told_before is not None:
        if _is_told_twice(told_before, invoice, wish):
            return Reserved(told_before, is_new=False)
        wish = replace(wish, key="")  # sent again after a failure, or changed: a new try
    if invoice.amount_payable_now <= 0:
        raise NotPayable(_why_not_payable(invoice))
    amount = _choose_amount(invoice, wish)
    live = invoice.attempts.select_for_update().filter(state__in=PaymentAttempt.LIVE).first()
    if live is not None and may_resume(live, at=at) and _is_same(live, amount, wish):
        return Reserved(live, is_new=False)
    if live is not None:
        put_aside(live, at)
    attempt = create_attempt(invoice, amount, wish, at, invoice=invoice)
    ids = {"attempt_id": attempt.pk, "invoice_id": invoice.pk}
    count_act("payment_tried", user=wish.actor, key=str(attempt.pk), at=at, **ids)
    return Reserved(attempt, is_new=True, aside=live)


def _is_told_twice(told: PaymentAttempt, invoice: Invoice, wish: Wish) -> bool:
    """Tell whether a form was sent twice, rather than kept by a browser and changed."""
    if told.is_live and invoice.amount_payable_now > 0:
        return _is_same(told, _choose_amount(invoice, wish), wish)
    return told.state not in (State.FAILED, State.EXPIRED)


def may_resume(attempt: PaymentAttempt, *, at: datetime) -> bool:
    """Tell whether an attempt's payment page is still open to the payer."""
    over = min(filter(None, (attempt.expires_at, attempt.created_at + PAGE_LIFE)))
    return attempt.is_live and bool(attempt.redirect_url) and at < over


def _why_not_payable(invoice: Invoice) -> str:
    if invoice.status == Invoice.Status.CANCELLED:
        return _("Cette facture est annulée : il n’y a rien à payer.")
    if invoice.status == Invoice.Status.DRAFT:
        return _("Cette facture n’est pas encore émise.")
    return _("Cette facture est déjà réglée : il n’y a rien à payer.")


def _choose_amount(invoice: Invoice, wish: Wish) -> int:
    try:
        return wish.route.limits.choose(invoice.amount_payable_now, wish.amount)
    except WrongAmount as error:
        raise CannotPay(*error.args) from error


def _is_same(live: PaymentAttempt, amount: int, wish: Wish) -> bool:
    return live.amount == amount and live.channel == wish.channel.key


def put_aside(live: PaymentAttempt, at: datetime) -> None:
    """Expire a live attempt for a new one. Its money, should it come, is still honoured.

    :raises NotPayable: if it is only just being opened.
    """
    if live.state == State.CREATED and at < live.created_at + STARTING:
        raise NotPayable(_("Un paiement vient d’être lancé. Patientez quelques secondes."))
    live.state, live.ended_at = State.EXPIRED, at
    live.save(update_fields=["state", "ended_at"])
    record("payment_attempt_closed", live, state=live.state)


def create_attempt(
    payable: Payable, amount: int, wish: Wish, at: datetime, **about: Any
) -> PaymentAttempt:
    """Write an attempt down; `about` says what it pays. The caller holds the lock of that."""
    attempt = PaymentAttempt.objects.create(
        **about,
        client_id=payable.client_id,
        reference=new_reference(),
        provider=wish.route.access.provider,
        account_id=wish.route.access.account_id,
        channel=wish.channel.key,
        amount=amount,
        currency=payable.currency,
        idempotency_key=wish.key,
        started_by=wish.actor if wish.actor.is_authenticated else None,
        payer_name=wish.actor.get_full_name()[:120] if wish.actor.is_authenticated else "",
        pay_link=wish.pay_link,
        next_check_at=at + FIRST_CHECK,
        is_test=wish.route.access.gateway.capabilities.test_mode,
        created_at=at,
        expires_at=at + PAGE_LIFE,
    )
    by, channel = wish.actor, attempt.channel
    record("payment_attempt_started", attempt, actor=by, amount=amount, channel=channel)
    tell("payments", client_id=attempt.client_id, row=attempt.pk)
    return attempt
