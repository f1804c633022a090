"""What a provider keeps of a payment, when the rest may be had, and when it reached our bank."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.payments.models import MoneyAccount, Payment
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from core.money import format_amount

PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


class FeeTerms(models.Model):
    """What a provider charges on a means of payment from a day on, until the next terms.

    An empty `channel` holds for all means that have no terms of their own.
    """

    provider = models.CharField(_("prestataire"), max_length=20)
    channel = models.CharField(
        _("moyen"), max_length=60, blank=True, help_text=_("Vide : tous les autres moyens.")
    )
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    percent = models.DecimalField(
        _("pourcentage"), max_digits=6, decimal_places=3, default=0, validators=PERCENT
    )
    fixed = models.BigIntegerField(
        _("part fixe"),
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("Dans la plus petite unité de la devise."),
    )
    vat_percent = models.DecimalField(
        _("TVA sur les frais (%)"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=PERCENT,
    )
    delay_days = models.PositiveSmallIntegerField(
        _("jours avant disponibilité"), default=1, validators=[MaxValueValidator(90)]
    )
    starts_on = models.DateField(_("à partir du"))

    class Meta:
        verbose_name = _("conditions d’un prestataire")
        verbose_name_plural = _("conditions des prestataires")
        ordering = ["provider", "channel", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "channel", "currency", "starts_on"], name="fee_terms_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.channel} {self.starts_on:%d/%m/%Y}".replace("  ", " ")


class Payout(models.Model):
    """Money a provider sent to one of our accounts. `difference` is what came beyond the nets."""

    provider = models.CharField(_("prestataire"), max_length=20)
    reference = models.CharField(_("référence du versement"), max_length=100)
    account = models.ForeignKey(
        MoneyAccount, on_delete=models.PROTECT, related_name="payouts", verbose_name=_("compte")
    )
    paid_on = models.DateField(_("reçu le"))
    amount = models.BigIntegerField(_("montant reçu"))
    expected = models.BigIntegerField(_("montant attendu"))
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    explanation = models.CharField(_("explication de l’écart"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("noté par"),
    )
    recorded_at = models.DateTimeField(_("noté le"))

    class Meta:
        verbose_name = _("versement")
        verbose_name_plural = _("versements")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_positive"),
            models.CheckConstraint(
                condition=Q(amount=F("expected")) | ~Q(explanation=""),
                name="payout_difference_explained",
            ),
            models.UniqueConstraint(fields=["provider", "reference"], name="payout_once"),
        ]
        indexes = [models.Index(fields=["-paid_on", "-id"], name="payout_newest")]

    def __str__(self) -> str:
        return f"{self.reference} · {format_amount(self.amount, self.currency)}"

    @property
    def difference(self) -> int:
        """Return what came beyond the nets of its settlements; negative when less came."""
        return self.amount - self.expected


class Settlement(models.Model):
    """What a provider settled of one payment: all of it, the fee, and what is left for us.

    `basis` says where the fee comes from; what is estimated gives way to what the provider says.
    """

    class Basis(models.TextChoices):
        PROVIDER = "provider", _("Prestataire")
        TERMS = "terms", _("Grille de frais")
        ESTIMATED = "estimated", _("Estimé")

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    payment = models.OneToOneField(
        Payment,
        on_delete=models.PROTECT,
        related_name="settlement",
        verbose_name=_("paiement"),
    )
    gross = models.BigIntegerField(_("brut"))
    fee = models.BigIntegerField(_("frais HT"), default=0)
    fee_vat = models.BigIntegerField(_("TVA sur frais"), default=0)
    net = models.BigIntegerField(_("net"))
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    basis = models.CharField(_("d’après"), max_length=10, choices=Basis.choices)
    available_on = models.DateField(_("disponible le"), null=True, blank=True)
    payout = models.ForeignKey(
        Payout,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="settlements",
        verbose_name=_("versement"),
    )
    updated_at = models.DateTimeField(_("à jour le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=Q(pk=None))  # our fees are ours alone

    class Meta:
        verbose_name = _("règlement du prestataire")
        verbose_name_plural = _("règlements des prestataires")
        constraints = [
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("fee") + F("fee_vat"), fee__gte=0, fee_vat__gte=0),
                name="settlement_adds_up",
            )
        ]
        indexes = [
            models.Index(
                fields=["available_on", "id"],
                name="settlement_in_transit",
                condition=Q(payout__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} · {format_amount(self.net, self.currency)}"

    def is_available(self, on: date) -> bool:
        return self.available_on is not None and self.available_on <= on
