"""What a request tells of a try to sign in: how, from which network address, on which device."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest
from django.utils import timezone, translation

from core.accounts import services
from core.accounts.models import SignIn
from core.accounts.templatetags.devices import device
from core.throttle import address_of

METHODS = {"password": SignIn.Method.PASSWORD, "code": SignIn.Method.CODE}


def keep_success(request: HttpRequest, user: Any) -> None:
    """Write that somebody has just signed in."""
    method, second = way_in(get_authentication_records(request, user))
    _keep(request, email=user.email, user=user, method=method, second=second)


def keep_failure(
    request: HttpRequest,
    reason: str,
    *,
    email: str = "",
    user: Any = None,
    method: str = SignIn.Method.PASSWORD,
    second: str = "",
) -> None:
    """Write that somebody could not sign in, and why."""
    typed = email or getattr(user, "email", "")
    _keep(request, email=typed, user=user, method=method, second=second, reason=reason)


def way_in(records: list[dict]) -> tuple[str, str]:
    """Return the way somebody came, and their second factor, from what allauth keeps.

    A passkey that opens the account by itself is both in one gesture: it has no second factor.
    """
    first = next((one for one in records if one.get("method") in METHODS), None)
    factor = next((one for one in reversed(records) if one.get("method") == "mfa"), None)
    if first is None:
        passkey = factor is not None and factor.get("type") == SignIn.Second.PASSKEY
        return (SignIn.Method.PASSKEY if passkey else SignIn.Method.OTHER), ""
    return METHODS[first["method"]], str(factor.get("type", "")) if factor else ""


def _keep(request: HttpRequest, **facts: Any) -> None:
    with translation.override("fr"):  # the team reads it, whatever the visitor's language
        name = device(request.META.get("HTTP_USER_AGENT", ""))
    services.keep_sign_in(address=address_of(request), device=name, at=timezone.now(), **facts)
