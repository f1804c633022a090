"""What owners watch of the ways in: failures, accounts held back, weak or forgotten accounts."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from redis.exceptions import RedisError
from wagtail.models import ModelLogEntry

from core.accounts.middleware import FACTORS
from core.accounts.models import Invitation, SignIn, User

BURST_WITHIN = timedelta(hours=24)
BURST_OF_ACCOUNT = 5  # as many as hold an account back
BURST_OF_ADDRESS = 10
DAYS = 14
STALE = timedelta(days=90)
MOST = 50
MOST_PAIRS = 5_000
LIMIT = {"app": "allauth.account", "action": "login_failed"}
ROLE_ACTS = ("staff_role_given", "member_role_changed", "account_opened", "account_closed")
WAYS_IN_ACTS = ("password_link_sent", "second_factor_reset", "session_closed", "belongings_given")
SEEING_ACTS = ("member_seen", "member_no_longer_seen")
KEY_ACTS = (
    "signing_key_replaced",
    "fiscal_key_changed",
    "payment_account_saved",
    "mailbox_secret_changed",
)


@dataclass(frozen=True)
class Burst:
    """Many failures in a day: on one account (`email`), or from one network address."""

    email: str
    address: str
    count: int


def bursts_among(rows: Iterable[tuple[str, str | None, int]]) -> list[Burst]:
    """Fold (address typed, network address, failures) into bursts, the biggest first."""
    emails: Counter[str] = Counter()
    addresses: Counter[str] = Counter()
    for email, address, count in rows:
        emails[email] += count
        addresses[address or ""] += count
    found = [Burst(one, "", n) for one, n in emails.items() if one and n >= BURST_OF_ACCOUNT]
    found += [Burst("", one, n) for one, n in addresses.items() if one and n >= BURST_OF_ADDRESS]
    return sorted(found, key=lambda burst: (-burst.count, burst.email, burst.address))


def bursts(at: datetime) -> list[Burst]:
    """Return the bursts of the last day. One query."""
    rows = SignIn.objects.filter(succeeded=False, at__gte=at - BURST_WITHIN)
    pairs = rows.order_by().values_list("email", "address").annotate(n=Count("pk"))
    return bursts_among(pairs.order_by("-n")[:MOST_PAIRS])


def failures_by_day(at: datetime) -> list[tuple[date, int, int]]:
    """Return (day, failures, addresses typed) of the last days that had some. One query."""
    rows = SignIn.objects.filter(succeeded=False, at__gte=at - timedelta(days=DAYS))
    days = rows.order_by().annotate(day=TruncDate("at")).values_list("day")
    counted = days.annotate(n=Count("pk"), people=Count("email", distinct=True))
    return list(counted.order_by("-day"))


def held_back(request: HttpRequest, at: datetime) -> list[tuple[str, int]]:
    """Return (address typed, seconds left) of accounts that limits hold back now."""
    rates = [rate for rate in ratelimit.get_rates(**LIMIT) if rate.per == "key"]
    if not rates:
        return []
    longest = timedelta(seconds=max(rate.duration for rate in rates))
    rows = SignIn.objects.filter(succeeded=False, at__gte=at - longest).exclude(email="")
    emails = list(rows.order_by("email").values_list("email", flat=True).distinct()[:MOST])
    keys = {_limit_key(request, rate, email): (rate, email) for rate in rates for email in emails}
    try:
        kept = cache.get_many(keys)
    except RedisError:
        return []
    now, held = time.time(), {}
    for key, moments in kept.items():
        rate, email = keys[key]
        recent = [one for one in moments if one > now - rate.duration]
        if len(recent) >= rate.amount:
            held[email] = round(min(recent) + rate.duration - now)
    return sorted(held.items())


def _limit_key(request: HttpRequest, rate: Any, email: str) -> str:
    login = get_adapter()._get_login_attempts_cache_key(request, email=email)
    return ratelimit.get_cache_key(request, rate=rate, key=login, **LIMIT)


def without_second_factor() -> QuerySet[User]:
    """Return the open accounts of the team that have set no second factor up."""
    has_one = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))
    team = User.objects.filter(is_staff=True, is_active=True)
    return team.exclude(has_one).order_by("last_name", "pk")[:MOST]


def team_sessions() -> QuerySet[UserSession]:
    """Return the open sessions of the team, the latest used first."""
    rows = UserSession.objects.filter(user__is_staff=True).select_related("user")
    return rows.order_by("-last_seen_at", "-pk")[:MOST]


def acts(names: Iterable[str]) -> QuerySet[ModelLogEntry]:
    """Return the last acts of some kinds."""
    rows = ModelLogEntry.objects.filter(action__in=names).select_related("user")
    return rows.order_by("-timestamp", "-pk")[:20]


def waiting_invitations() -> QuerySet[Invitation]:
    """Return the invitations that nobody accepted, those of the team first."""
    rows = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    rows = rows.select_related("client", "invited_by")
    kept = rows.defer("client__search_vector", "client__search_norm")
    return kept.order_by("client_id", "-pk").reverse()[:MOST]


def stale_accounts(at: datetime) -> QuerySet[User]:
    """Return open accounts that nobody signed in with for ninety days, the team's first."""
    before = at - STALE
    never = Q(last_login=None, date_joined__lt=before)
    rows = User.objects.filter(is_active=True).filter(Q(last_login__lt=before) | never)
    return rows.order_by("-is_staff", "last_login", "pk")[:MOST]
