"""Answers allauth: a second factor just set up counts; every try to sign in is written down."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import login_code_rejected, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from core.accounts.models import SignIn
from core.accounts.sign_ins import keep_failure, keep_success


@receiver(authenticator_added)
def count_first_code(
    request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any
) -> None:
    """Write the second factor into the session: the person has just used it rightly."""
    if authenticator.type in (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN):
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True
        )


@receiver(user_logged_in)
def keep_who_came(request: HttpRequest, user: Any, **_: Any) -> None:
    """Write that somebody signed in, and how."""
    keep_success(request, user)


@receiver(user_login_failed)
def keep_wrong_password(credentials: dict, request: HttpRequest | None = None, **_: Any) -> None:
    """Write that a password was wrong; Django has hidden it already."""
    if request is not None:
        typed = str(credentials.get("email") or credentials.get("username") or "")
        keep_failure(request, SignIn.Reason.WRONG, email=typed)


@receiver(authentication_failed)
def keep_wrong_second_factor(
    request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any
) -> None:
    """Write that the code after the password was wrong."""
    keep_failure(
        request, SignIn.Reason.CODE, user=user, second=Authenticator.Type(authenticator.type)
    )


@receiver(login_code_rejected)
def keep_wrong_mailed_code(request: HttpRequest, user: Any, **_: Any) -> None:
    """Write that the code sent by mail was wrong."""
    keep_failure(request, SignIn.Reason.CODE, user=user, method=SignIn.Method.CODE)
