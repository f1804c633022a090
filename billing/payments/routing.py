"""Which channels a payer may use, by which provider each, and within what limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.contrib.auth.models import AnonymousUser
from django.db.models import Sum
from django.utils import timezone

from billing.methods.queries import methods_of
from billing.payments.amounts import Limits, WrongAmount, describe_tranches
from billing.payments.channels import CARD, Channel, ChannelRules, merge_rules, rules_of
from billing.payments.gateways import CINETPAY, Access, Accesses
from billing.payments.models import PaymentAttempt
from billing.payments.payables import Payable
from billing.payments.payers import may_pay_by_card
from core.accounts.models import User

COUNTED = (*PaymentAttempt.LIVE, PaymentAttempt.State.SUCCEEDED, PaymentAttempt.State.REVIEW)


@dataclass(frozen=True)
class Route:
    """One provider that can take one payment by a channel now."""

    access: Access
    group: str  # what the provider is asked to offer
    limits: Limits


@dataclass(frozen=True)
class OpenChannel:
    """A channel that is offered, with its routes, first choice first. Amounts in minor units."""

    channel: Channel
    routes: tuple[Route, ...]
    due: int

    @property
    def key(self) -> str:
        return self.channel.key

    @property
    def name(self) -> str:
        return self.channel.name

    @property
    def mark(self) -> str:
        return self.channel.mark

    @property
    def limits(self) -> Limits:
        return self.routes[0].limits

    @property
    def amount(self) -> int:
        """The largest amount one payment may be; 0 when today's ceiling is reached."""
        return self.limits.largest(self.due)

    @property
    def is_over_ceiling(self) -> bool:
        return self.limits.whole(self.due) > self.limits.most

    @property
    def is_used_up(self) -> bool:
        return self.limits.is_used_up and self.limits.left_today is not None

    @property
    def is_held_today(self) -> bool:
        """Tell whether the day's ceiling, rather than that of one payment, is in the way."""
        return self.limits.left_today is not None and self.limits.most == self.limits.left_today

    @property
    def plan(self) -> str:
        """How the due is paid in several times, in a sentence; "" when once is enough."""
        if self.is_held_today:
            return ""
        return describe_tranches(self.limits.tranches(self.due), self.limits.currency)


def open_channels(
    *, payable: Payable, user: User | AnonymousUser, at: datetime, fresh: bool = False
) -> list[OpenChannel]:
    """Return the channels a person may pay something by now, in their order.

    `fresh` reads the settings now rather than as they were within the minute. One more query
    where a ceiling by day counts what was paid today.
    """
    methods = methods_of(payable.company_id, fresh=fresh)
    accesses = Accesses.of(methods)
    with_card = may_pay_by_card(payable.client, user)
    kept: list[OpenChannel] = []
    spent: dict[str, int] | None = None
    for rules in merge_rules(methods.channels):
        if not rules.is_enabled or not _is_for(rules, payable):
            continue
        if rules.daily_max is not None and spent is None:
            spent = _spent_today(payable, at)
        left = _left_today(rules, payable, spent or {})
        routes = _routes(rules, payable, accesses, left, with_card=with_card, at=at)
        if routes:
            kept.append(OpenChannel(rules.channel, routes, payable.amount_payable_now))
    return kept


def find_open_channel(
    *, payable: Payable, key: str, user: User | AnonymousUser, at: datetime
) -> OpenChannel | None:
    """Return one of the channels that `open_channels` returns, or None."""
    offered = open_channels(payable=payable, user=user, at=at, fresh=True)
    return next((each for each in offered if each.key == key), None)


def find_rules(company_id: int, key: str) -> ChannelRules | None:
    """Return the rules of a channel, or None when there is no such channel."""
    return next((rules for rules in rules_of(company_id) if rules.channel.key == key), None)


def is_currency_refused(payable: Payable, rules: ChannelRules) -> bool:
    """Tell whether providers serve the channel, but none in the currency asked."""
    accesses = Accesses.of(methods_of(payable.company_id, fresh=True))
    served = [access for provider in rules.providers if (access := accesses.find(provider))]
    return bool(served) and not any(
        payable.currency in access.gateway.capabilities.currencies for access in served
    )


def _is_for(rules: ChannelRules, payable: Payable) -> bool:
    return rules.is_for(currency=payable.currency, country=payable.client.country)


def _routes(
    rules: ChannelRules,
    payable: Payable,
    accesses: Accesses,
    left: int | None,
    *,
    with_card: bool,
    at: datetime,
) -> tuple[Route, ...]:
    """Return the providers that can take it now: on, not left alone, in the currency."""
    found = []
    for provider in rules.providers:
        if rules.channel.key == CARD and provider == CINETPAY and not with_card:
            continue  # CinetPay shows cards to a payer whose details are complete only
        access = accesses.find_available(provider, at=at)
        limits = _limits(access, rules, payable.currency, left) if access else None
        if access and limits:
            found.append(Route(access, rules.channel.routes[provider], limits))
    return tuple(found)


def _limits(access: Access, rules: ChannelRules, currency: str, left: int | None) -> Limits | None:
    try:
        limits = Limits.of(access.gateway.capabilities, currency)
    except WrongAmount:
        return None
    if currency != rules.currency:
        return limits
    return limits.narrowed(least=rules.min_amount, most=rules.max_amount, left_today=left)


def _left_today(rules: ChannelRules, payable: Payable, spent: dict[str, int]) -> int | None:
    if rules.daily_max is None or payable.currency != rules.currency:
        return None
    return max(rules.daily_max - spent.get(rules.channel.key, 0), 0)


def _spent_today(payable: Payable, at: datetime) -> dict[str, int]:
    """Return what the client paid or is paying today by each channel, its live one apart."""
    day = timezone.localtime(at).date()
    midnight = timezone.make_aware(datetime.combine(day, time.min))
    rows = PaymentAttempt.objects.filter(
        client_id=payable.client_id,
        currency=payable.currency,
        created_at__gte=midnight,
        state__in=COUNTED,
    ).exclude(pk__in=payable.attempts.filter(state__in=PaymentAttempt.LIVE).values("pk"))
    sums = rows.values("channel").annotate(spent=Sum("amount")).order_by()
    return {row["channel"]: row["spent"] for row in sums}
