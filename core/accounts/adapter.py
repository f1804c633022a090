"""How allauth behaves here: invitation only, mail through the outbox, secrets encrypted."""

import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone

from core.accounts.secrets import decrypt_text, encrypt_text
from core.notify.mail import owe_mail


class AccountAdapter(DefaultAccountAdapter):
    """Accounts open by invitation; their mail is owed like any other."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Owe the mail: the answer then takes the same time whether the address exists or not."""
        page = {key: value for key, value in context.items() if key != "request"}
        moment = timezone.now().isoformat()
        digest = hashlib.sha256(f"{template_prefix}:{email}:{moment}".encode()).hexdigest()[:24]
        owe_mail(template_prefix, key=f"account:{digest}", to=[email], context=page)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted at rest."""

    def encrypt(self, text: str) -> str:
        return encrypt_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt_text(encrypted_text)
