"""Our account at a payment provider, with its keys encrypted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Provider(models.TextChoices):
    """Who opens payment pages for us."""

    CINETPAY = "cinetpay", "CinetPay"
    STRIPE = "stripe", "Stripe"
    WAVE = "wave", "Wave"
    ORANGE = "orange-money", "Orange Money"


class Dialect(models.TextChoices):
    """Which of its two APIs a CinetPay account speaks; the kind of keys tells."""

    V2 = "v2", _("Checkout v2 (apikey et site_id)")
    V1 = "v1", _("Nouvelle API v1 (clé sk_… et mot de passe)")


class ProviderAccount(models.Model):
    """The account of one of our companies at one provider.

    `keys` is the encrypted JSON object of `keys.py`; no screen, log or history ever shows it.
    An account that is off opens no payment, but those it opened are still asked about.
    """

    company = models.ForeignKey(
        "accounts.Company",
        on_delete=models.PROTECT,
        related_name="provider_accounts",
        verbose_name=_("société"),
    )
    provider = models.CharField(_("prestataire"), max_length=20, choices=Provider.choices)
    dialect = models.CharField(_("interface"), max_length=10, choices=Dialect.choices, blank=True)
    country = models.CharField(_("pays du compte"), max_length=3, blank=True)
    keys = models.TextField(editable=False, blank=True)
    keys_changed_at = models.DateTimeField(_("clés changées le"), null=True, editable=False)
    is_active = models.BooleanField(_("en service"), default=True)
    tested_at = models.DateTimeField(_("essayé le"), null=True, editable=False)
    test_succeeded = models.BooleanField(_("connexion"), null=True, editable=False)
    test_detail = models.CharField(_("réponse"), max_length=300, blank=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("compte de paiement")
        verbose_name_plural = _("comptes de paiement")
        constraints = [
            models.UniqueConstraint(fields=["company", "provider"], name="provider_account_once")
        ]

    def __str__(self) -> str:
        return self.get_provider_display()
