"""Checks at start of the payment providers: a warning, never a crash."""

from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core.checks import Error, Info, Tags, Warning, register

from billing.payments.gateways import find_absent, find_problems


@register(Tags.security)
def payment_providers_are_configured(app_configs: Any, **_: Any) -> list[Warning]:
    """Say why online payment is off, when it is."""
    return [Warning(problem, id="nourx.W101") for problem in find_problems()]


@register(Tags.security, deploy=True)
def absent_providers_are_named(app_configs: Any, **_: Any) -> list[Info]:
    """Name the providers whose keys the environment does not hold: they are off."""
    names = ", ".join(find_absent())
    text = f"No keys in the environment for: {names}. They are off unless an account has keys."
    return [Info(text, id="nourx.I103")] if names else []


@register(Tags.security)
def webhook_addresses_can_be_read(app_configs: Any, **_: Any) -> list[Error]:
    """Refuse an allow-list that would let nobody in, or fail on each notification."""
    return [
        Error(f"PAYMENT_WEBHOOK_IPS: {each!r} is no address or network", id="nourx.E102")
        for each in settings.PAYMENT_WEBHOOK_IPS
        if not _is_network(each)
    ]


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True
