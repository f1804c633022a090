"""The payment providers in use: accounts of our companies, else the keys of the environment.

One without its keys is off. An access that is off opens no payment, but what it opened is still
asked about, and its notifications are still heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from billing.methods.models import ProviderAccount
from billing.methods.models.accounts import Provider
from billing.methods.queries import Methods, methods_of
from billing.payments import circuit
from billing.payments.building import build, build_from_settings, find_gateway_problems, has_keys
from billing.payments.models import PaymentAttempt
from billing.payments.providers.base import (
    Gateway,
    GatewayError,
    GatewayMisconfigured,
    GatewayUnavailable,
)

CINETPAY, STRIPE = Provider.CINETPAY.value, Provider.STRIPE.value
WAVE, ORANGE = Provider.WAVE.value, Provider.ORANGE.value
PROVIDERS = tuple(Provider.values)
NAMES = dict(Provider.choices)


@dataclass(frozen=True)
class Access:
    """A way into a provider. `account_id` is None for the keys of the environment."""

    provider: str
    gateway: Gateway
    account_id: int | None = None
    is_active: bool = True

    @property
    def key(self) -> str:
        """What the circuit counts by: one account that is down leaves the others alone."""
        return f"{self.provider}:{self.account_id}" if self.account_id else self.provider

    def find_problems(self) -> list[str]:
        """Return what is wrong with it, one French sentence each; nothing when it may be used."""
        return find_gateway_problems(self.provider, self.gateway)


@dataclass(frozen=True)
class Accesses:
    """The ways into providers that one company may open payments by, read once."""

    accounts: dict[str, ProviderAccount]

    @classmethod
    def of(cls, methods: Methods) -> Accesses:
        """Return the ways that the accounts of a company give."""
        return cls({row.provider: row for row in methods.accounts})

    def find(self, provider: str) -> Access | None:
        """Return the access that opens payments: the account, else the environment's, else None."""
        account = self.accounts.get(provider)
        access = _of_settings(provider) if account is None else of_account(account)
        usable = access is not None and access.is_active and not access.find_problems()
        return access if usable else None

    def find_available(self, provider: str, *, at: datetime) -> Access | None:
        """Return the same, unless the provider is being left alone."""
        access = self.find(provider)
        return None if access is None or circuit.is_open(access.key, at=at) else access


def of_account(account: ProviderAccount) -> Access | None:
    """Return the access that an account gives, None without keys."""
    gateway = build(account) if account.keys else None
    if gateway is None:
        return None
    return Access(account.provider, gateway, account.pk, account.is_active)


def access_of(attempt: PaymentAttempt) -> Access | None:
    """Return the access an attempt was opened by, though it be off by now; None without keys."""
    if attempt.account_id is not None:
        access = of_account(ProviderAccount.objects.get(pk=attempt.account_id))
    else:
        access = _of_settings(attempt.provider)
    return None if access is None or access.find_problems() else access


def gateway_of(attempt: PaymentAttempt | None) -> Gateway | None:
    """Return the gateway an attempt was opened by, or None."""
    access = access_of(attempt) if attempt else None
    return access.gateway if access else None


def find_gateway(provider: str) -> Gateway | None:
    """Return the gateway that the keys of the environment make, None when it is off."""
    access = _resolve(provider)
    return access.gateway if access else None


def listeners(provider: str) -> list[Access]:
    """Return every access that a notification of a provider may be for."""
    rows = ProviderAccount.objects.filter(provider=provider).exclude(keys="")
    found = [_of_settings(provider), *(of_account(row) for row in rows.order_by("pk"))]
    return [access for access in found if access is not None and not access.find_problems()]


def find_problems() -> list[str]:
    """Return what is wrong with the keys of the environment, one French sentence each."""
    if not any(has_keys(provider) for provider in PROVIDERS):
        return [_("CinetPay n’est pas configuré : le paiement en ligne est désactivé.")]
    accesses = [_of_settings(provider) for provider in PROVIDERS]
    return [problem for each in accesses if each for problem in each.find_problems()]


def find_team_problems() -> list[str]:
    """Return what the team must mend: keys of the environment, and accounts that are on."""
    rows = list(ProviderAccount.objects.filter(is_active=True).order_by("pk"))
    own = [problem for row in rows for problem in find_account_problems(row)]
    is_served = any(access and not access.find_problems() for access in map(of_account, rows))
    any_keys = any(has_keys(provider) for provider in PROVIDERS)
    return own + ([] if is_served and not any_keys else find_problems())


def find_account_problems(account: ProviderAccount) -> list[str]:
    """Return why an account that is on serves nobody."""
    access = of_account(account)
    if access is None:
        return [_("%(provider)s : ses clés manquent.") % {"provider": account}]
    return access.find_problems()


def find_absent() -> list[str]:
    """Return the names of the providers that the environment gives no keys of."""
    return [NAMES[provider] for provider in PROVIDERS if not has_keys(provider)]


def is_available(provider: str, *, at: datetime, company_id: int | None = None) -> bool:
    """Tell whether a payment may be started through a provider now."""
    methods = methods_of(company_id, fresh=True) if company_id else Methods((), ())
    accesses = Accesses.of(methods)
    return accesses.find_available(provider, at=at) is not None


def answers(attempt: PaymentAttempt | None, *, at: datetime) -> bool:
    """Tell whether the access of an attempt may be called now, though it be off for new ones."""
    access = access_of(attempt) if attempt else None
    return access is not None and not circuit.is_open(access.key, at=at)


def find_access(provider: str, company_id: int) -> Access | None:
    """Return what a company would pay through, on or off, right or wrong; None without keys."""
    account = ProviderAccount.objects.filter(provider=provider, company_id=company_id).first()
    return _of_settings(provider) if account is None else of_account(account)


def try_connection(access: Access) -> str:
    """Make a harmless call with the keys of an access; return "" when it went well, else why not.

    A call that goes well ends the pause of a provider that was being left alone. The sentence is
    French and holds no key.
    """
    if problems := access.find_problems():
        return problems[0]
    name = NAMES[access.provider]
    try:
        access.gateway.probe()
    except GatewayMisconfigured as error:
        code = f" ({error.code})" if error.code else ""
        return _("%(name)s refuse ces clés%(code)s.") % {"name": name, "code": code}
    except GatewayError:
        return _("%(name)s ne répond pas, ou pas comme attendu. Réessayez dans une minute.") % {
            "name": name
        }
    circuit.note_success(access.key)
    return ""


@contextmanager
def calling(which: Access | PaymentAttempt | str | None, *, at: datetime) -> Iterator[Gateway]:
    """Give the gateway for one call, count how it went, and hold calls back when it is down.

    `which` is an access, an attempt (the access it was opened by), or the name of a provider
    (the keys of the environment).

    :raises GatewayUnavailable: if the provider is being left alone.
    :raises GatewayMisconfigured: if it is off.
    """
    access = _resolve(which)
    if access is None:
        raise GatewayMisconfigured(f"{which} is off")
    if circuit.is_open(access.key, at=at):
        raise GatewayUnavailable(f"{access.key} is being left alone")
    try:
        yield access.gateway
    except GatewayUnavailable as error:
        pause = timedelta(seconds=error.retry_after) if error.retry_after else None
        circuit.note_failure(access.key, at=at, pause=pause)
        raise
    except GatewayMisconfigured:
        circuit.note_failure(access.key, at=at, pause=circuit.PAUSE_FOR_SETTINGS)
        raise
    circuit.note_success(access.key)


def _resolve(which: Access | PaymentAttempt | str | None) -> Access | None:
    if which is None or isinstance(which, Access):
        return which
    if isinstance(which, PaymentAttempt):
        return access_of(which)
    access = _of_settings(which)
    return None if access is None or access.find_problems() else access


def _of_settings(provider: str) -> Access | None:
    gateway = build_from_settings(provider) if has_keys(provider) else None
    return Access(provider, gateway) if gateway else None
