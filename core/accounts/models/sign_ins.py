"""Who signed in, who tried and could not: written once, never changed, kept for some months."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignIn(models.Model):
    """One try to sign in, whether it succeeded or not. What was typed as a password is nowhere."""

    class Method(models.TextChoices):
        PASSWORD = "password", _("Mot de passe")
        CODE = "code", _("Code par e-mail")
        PASSKEY = "passkey", _("Clé d’accès")
        OTHER = "other", _("Autre")

    class Second(models.TextChoices):
        TOTP = "totp", _("Application")
        PASSKEY = "webauthn", _("Clé d’accès")
        RECOVERY = "recovery_codes", _("Code de secours")

    class Reason(models.TextChoices):
        WRONG = "wrong", _("Mot de passe faux")
        UNKNOWN = "unknown", _("Adresse inconnue")
        CODE = "code", _("Code faux")
        HELD = "held", _("Trop d’essais : retenu")
        CLOSED = "closed", _("Compte fermé")

    at = models.DateTimeField(_("quand"))
    email = models.CharField(_("adresse tapée"), max_length=254, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="sign_ins",
        verbose_name=_("personne"),
    )
    succeeded = models.BooleanField(_("réussie"))
    method = models.CharField(_("moyen"), max_length=10, choices=Method.choices)
    second = models.CharField(
        _("second facteur"), max_length=15, choices=Second.choices, blank=True
    )
    reason = models.CharField(_("raison"), max_length=10, choices=Reason.choices, blank=True)
    address = models.GenericIPAddressField(_("adresse du réseau"), null=True, blank=True)
    device = models.CharField(_("appareil"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("connexion")
        verbose_name_plural = _("connexions")
        indexes = [
            models.Index(fields=["-at", "-id"], name="sign_in_newest"),
            models.Index(fields=["user", "-at"], name="sign_in_of_user"),
            models.Index(fields=["email", "-at"], name="sign_in_of_email"),
            models.Index(
                fields=["-at", "-id"], condition=models.Q(succeeded=False), name="sign_in_failed"
            ),
        ]

    def __str__(self) -> str:
        return self.email
