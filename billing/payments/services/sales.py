"""Opening a payment page for a sale that was won, before there is an invoice of it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.translation import gettext as _

from billing.payments.amounts import WrongAmount
from billing.payments.models import PaymentAttempt
from billing.payments.payables import Sale
from billing.payments.routing import OpenChannel, Route, find_open_channel, open_channels
from billing.payments.services.attempts import (
    CannotPay,
    NotPayable,
    PaymentUnavailable,
    Reserved,
    Wish,
    create_attempt,
    may_resume,
    open_first,
    put_aside,
)
from billing.payments.services.ledger import WRITTEN_OFF_BELOW
from billing.payments.services.refunds import refundable
from core.accounts.models import User
from core.money import format_amount
from portal.crm.models import Opportunity

State = PaymentAttempt.State


class SalePaid(NotPayable):
    """The sale was paid, or money came that somebody looks at: no second page."""


def start_sale_attempt(
    *,
    opportunity: Opportunity,
    channel: str,
    provider: str,
    label: str,
    actor: User,
    at: datetime,
) -> PaymentAttempt:
    """Open a payment page for the whole amount of an opportunity, or return the one that is open.

    `channel` and `provider` say by what and by whom; `label` is what the payer reads, 200
    characters at most. Nothing is asked twice: one page is open per opportunity at a time. Must
    not run inside a transaction: the provider is called between two of ours.

    :raises SalePaid: if it was paid, or money in review came.
    :raises NotPayable: if it has no amount, or a page is only just being opened.
    :raises CannotPay: if the channel or the provider cannot take it.
    :raises PaymentUnavailable: if the provider is off, down, or refuses.
    """
    sale = Sale(Opportunity.objects.select_related("client").get(pk=opportunity.pk))
    _require_unpaid(sale.opportunity)
    if sale.amount_payable_now <= 0:
        raise NotPayable(_("Cette opportunité n’a pas de montant à payer."))
    live = _resumable(sale.opportunity, at)
    if live is not None:
        return live
    offered, route = _choose_route(sale, channel, provider, at)
    wish = Wish(None, offered, route, actor, "", None)
    words = " ".join(label.split())[:200] or sale.opportunity.title
    return open_first([wish], at, reserve=lambda each: _reserve(sale, each, words, at))


def routes_of(opportunity: Opportunity, *, at: datetime) -> list[tuple[OpenChannel, Route]]:
    """Return the ways an opportunity may be paid now, each with who serves it."""
    offered = open_channels(payable=Sale(opportunity), user=AnonymousUser(), at=at, fresh=True)
    return [(channel, route) for channel in offered for route in channel.routes]


def _choose_route(
    sale: Sale, channel: str, provider: str, at: datetime
) -> tuple[OpenChannel, Route]:
    offered = find_open_channel(payable=sale, key=channel, user=AnonymousUser(), at=at)
    if offered is None:
        raise PaymentUnavailable(
            _("Ce moyen de paiement n’est pas disponible pour ce client et cette devise.")
        )
    for route in offered.routes:
        if not provider or route.access.provider == provider:
            return offered, route
    raise PaymentUnavailable(_("Ce prestataire n’est pas disponible pour le moment."))


@transaction.atomic
def _reserve(sale: Sale, wish: Wish, label: str, at: datetime) -> Reserved:
    """Write the attempt down under the lock of the opportunity, or find the one that is open."""
    locked = Opportunity.objects.select_for_update(of=("self",)).select_related("client")
    fresh = Sale(locked.get(pk=sale.opportunity.pk))
    _require_unpaid(fresh.opportunity)
    amount = _choose_amount(fresh, wish)
    live = fresh.attempts.select_for_update().filter(state__in=PaymentAttempt.LIVE).first()
    if live is not None and live.amount == amount and may_resume(live, at=at):
        return Reserved(live, is_new=False)
    if live is not None:
        put_aside(live, at)
    about = {"opportunity": fresh.opportunity, "label": label}
    return Reserved(create_attempt(fresh, amount, wish, at, **about), is_new=True, aside=live)


def _resumable(opportunity: Opportunity, at: datetime) -> PaymentAttempt | None:
    """Return the page that is open for the amount of now."""
    live = opportunity.attempts.filter(state__in=PaymentAttempt.LIVE).first()
    if live is None or not may_resume(live, at=at):
        return None
    rounding = (opportunity.amount or 0) - live.amount
    is_same = live.currency == opportunity.currency and 0 <= rounding < WRITTEN_OFF_BELOW
    return live if is_same else None


def _require_unpaid(opportunity: Opportunity) -> None:
    """:raises SalePaid: if money of the sale came, and was not given back."""
    rows = opportunity.attempts.filter(state__in=(State.SUCCEEDED, State.REVIEW))
    for attempt in rows.select_related("payment"):
        if attempt.state == State.REVIEW:
            if attempt.anomalies.filter(resolved_at=None).exists():
                raise SalePaid(_("Un paiement de cette opportunité est à vérifier par l’équipe."))
        elif refundable(attempt.payment) > 0:
            raise SalePaid(_("Cette opportunité est déjà payée."))


def _choose_amount(sale: Sale, wish: Wish) -> int:
    """Return the whole amount, rounded down to the provider's step: a sale is paid at once.

    :raises CannotPay: if it is below or above what the channel takes.
    """
    limits, due = wish.route.limits, sale.amount_payable_now
    if limits.whole(due) > limits.most:
        text = _("Ce moyen ne prend pas plus de %(most)s à la fois : choisissez-en un autre.")
        raise CannotPay(text % {"most": format_amount(limits.most, limits.currency)})
    try:
        return limits.choose(due, None)
    except WrongAmount as error:
        raise CannotPay(*error.args) from error
