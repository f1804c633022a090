"""The payment providers in use, built from the settings; one without its keys is off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from billing.payments import circuit
from billing.payments.providers.base import (
    Gateway,
    GatewayMisconfigured,
    GatewayUnavailable,
)
from billing.payments.providers.cinetpay import CinetPayGateway

CINETPAY = CinetPayGateway.code
PROVIDERS = (CINETPAY,)


def find_gateway(provider: str) -> Gateway | None:
    """Return a provider's gateway, or None when it is unknown, without keys or not allowed."""
    if provider != CINETPAY or find_problems():
        return None
    return _cinetpay()


def require_gateway(provider: str) -> Gateway:
    """Return a provider's gateway.

    :raises GatewayMisconfigured: if it is off.
    """
    gateway = find_gateway(provider)
    if gateway is None:
        raise GatewayMisconfigured(f"{provider} is off")
    return gateway


def find_problems() -> list[str]:
    """Return why online payment is off, one French sentence each; nothing when it is on."""
    if not (settings.CINETPAY_APIKEY or settings.CINETPAY_SITE_ID or settings.CINETPAY_SECRET_KEY):
        return [_("CinetPay n’est pas configuré : le paiement en ligne est désactivé.")]
    gateway = _cinetpay()
    problems = gateway.check_config()
    if gateway.is_sandbox and not settings.PAYMENTS_ALLOW_SANDBOX:
        problems.append(
            _("CINETPAY_BASE_URL mène à un bac à sable, interdit ici : aucun argent n’arriverait.")
        )
    return problems


def is_available(provider: str, *, at: datetime) -> bool:
    """Tell whether a payment may be started through a provider now."""
    return find_gateway(provider) is not None and not circuit.is_open(provider, at=at)


@contextmanager
def calling(provider: str, *, at: datetime) -> Iterator[Gateway]:
    """Give the gateway for one call, count how it went, and hold calls back when it is down.

    :raises GatewayUnavailable: if the provider is being left alone.
    :raises GatewayMisconfigured: if it is off.
    """
    gateway = require_gateway(provider)
    if circuit.is_open(provider, at=at):
        raise GatewayUnavailable(f"{provider} is being left alone")
    try:
        yield gateway
    except GatewayUnavailable as error:
        pause = timedelta(seconds=error.retry_after) if error.retry_after else None
        circuit.note_failure(provider, at=at, pause=pause)
        raise
    except GatewayMisconfigured:
        circuit.note_failure(provider, at=at, pause=circuit.PAUSE_FOR_SETTINGS)
        raise
    circuit.note_success(provider)


def _cinetpay() -> CinetPayGateway:
    return CinetPayGateway(
        apikey=settings.CINETPAY_APIKEY,
        site_id=settings.CINETPAY_SITE_ID,
        secret_key=settings.CINETPAY_SECRET_KEY,
        base_url=settings.CINETPAY_BASE_URL,
        hmac_mode=settings.CINETPAY_HMAC_MODE,
        max_amount=settings.CINETPAY_MAX_AMOUNT,
    )
