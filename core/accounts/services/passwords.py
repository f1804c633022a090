"""Forgotten passwords and codes to sign in: all is owed, so that the answer tells nothing."""

import hashlib
from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from core.accounts.models import User
from core.accounts.secrets import decrypt_text, encrypt_text
from core.notify.mail import owe_mail
from core.outbox.services import owe

PASSWORD_LINK = "password_link"  # noqa: S105  the topic of owed work
LOGIN_CODE = "login_code"


def ask_password_link(*, email: str, at: datetime) -> None:
    """Owe a link to an address, whether anybody has it or not: both take the same time."""
    digest = hashlib.sha256(f"{email}:{at.isoformat()}".encode()).hexdigest()[:32]
    owe(PASSWORD_LINK, key=f"password-link:{digest}", payload={"email": email, "key": digest})


def send_password_link(*, email: str, key: str) -> None:
    """Owe the mail with a link, to the account of an address if there is one."""
    for user in User.objects.filter(email__iexact=email, is_active=True):
        path = reverse(
            "account_reset_password_from_key",
            kwargs={
                "uidb36": user_pk_to_url_str(user),
                "key": default_token_generator.make_token(user),
            },
        )
        with translation.override(user.language):
            owe_mail(
                "account/password_link",
                key=f"password-link:{key}:{user.pk}",
                to=[user.email],
                context={"name": user.first_name, "url": settings.BASE_URL + path},
            )


def ask_login_code(*, email: str, code: str, at: datetime) -> None:
    """Owe the mail of a code to sign in, whether anybody has the address or not."""
    digest = hashlib.sha256(f"{email}:{at.isoformat()}".encode()).hexdigest()[:32]
    payload = {"email": email, "code": encrypt_text(code), "key": digest}
    owe(LOGIN_CODE, key=f"login-code:{digest}", payload=payload)


def send_login_code(*, email: str, encrypted_code: str, key: str) -> None:
    """Owe the mail with a code, to the account of an address if there is one."""
    for user in User.objects.filter(email__iexact=email, is_active=True):
        with translation.override(user.language):
            owe_mail(
                "account/login_code",
                key=f"login-code:{key}:{user.pk}",
                to=[user.email],
                context={
                    "name": user.first_name,
                    "code": decrypt_text(encrypted_code),
                    "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
                },
            )
