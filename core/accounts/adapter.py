"""How allauth behaves here: invitation only, mail through the outbox, secrets encrypted."""

import hashlib
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from core.access import kept_forms
from core.accounts import services, sign_ins
from core.accounts.models import SignIn
from core.accounts.secrets import decrypt_text, encrypt_text
from core.notify.mail import owe_mail

WRONG_CODE = _("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant.")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts open by invitation; their mail is owed like any other."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Ce compte est désactivé."),
        "email_password_mismatch": _("Adresse e-mail ou mot de passe incorrect."),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("Ce n’est pas votre mot de passe."),
        "invalid_password_reset": _("Ce lien n’est plus valable."),
        "rate_limited": _("Trop d’essais. Réessayez dans quelques minutes."),
        "too_many_login_attempts": _("Trop d’essais. Réessayez dans quelques minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Refuse the team's side to whoever is signed in without a right to it.

        Wagtail sends them here, and this page sends them on: they would turn for ever.
        """
        user = self.request.user
        lost = user.is_authenticated and not user.has_perm("wagtailadmin.access_admin")
        if lost and urlsplit(url).path.startswith("/admin/"):
            return False
        return super().is_safe_url(url)

    @transaction.atomic
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Owe the mail: the answer then takes the same time whether the server is slow or not."""
        template = f"account/{template_prefix.rpartition('/')[2]}"
        if template == "account/login_code":
            services.ask_login_code(email=email, code=context["code"], at=timezone.now())
            return
        moment = timezone.now().isoformat()
        digest = hashlib.sha256(f"{template}:{email}:{moment}".encode()).hexdigest()[:32]
        owe_mail(template, key=f"account:{digest}", to=[email], context=context)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        kept_forms.remember_person(response, user)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            typed = str(credentials.get("email") or "")
            sign_ins.keep_failure(request, SignIn.Reason.HELD, email=typed)
            raise

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        sign_ins.keep_failure(request, SignIn.Reason.CLOSED, user=user)
        return super().respond_user_inactive(request, user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted at rest."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _("Activez d’abord la double authentification."),
        "incorrect_code": WRONG_CODE,
    }

    def encrypt(self, text: str) -> str:
        return encrypt_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt_text(encrypted_text)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Name a passkey that its owner left without a name."""
        others = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Clé d’accès %(number)s") % {"number": others + 1}

    def build_totp_svg(self, url: str) -> str:
        """Draw the code to scan on white, so that it is read from dark pages too."""
        drawing = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawing)
        return drawing.getvalue().decode()
