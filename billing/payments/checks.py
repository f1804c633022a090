"""Checks at start of the payment providers: a warning, never a crash."""

from typing import Any

from django.core.checks import Tags, Warning, register

from billing.payments.gateways import find_problems


@register(Tags.security)
def payment_providers_are_configured(app_configs: Any, **_: Any) -> list[Warning]:
    """Say why online payment is off, when it is."""
    return [Warning(problem, id="nourx.W101") for problem in find_problems()]
