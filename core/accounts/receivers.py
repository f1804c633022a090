"""Answers allauth: what has just set the second factor up counts for this session."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest


@receiver(authenticator_added)
def count_first_code(
    request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any
) -> None:
    """Write the second factor into the session: the person has just used it rightly."""
    if authenticator.type in (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN):
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True
        )
