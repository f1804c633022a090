"""What does not add up and waits for a person."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.payments.models.attempts import PaymentAttempt
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class Anomaly(models.Model):
    """Something a person must look at: another amount, a late refusal, money nobody expects."""

    class Kind(models.TextChoices):
        AMOUNT = "amount", _("Montant différent")
        CURRENCY = "currency", _("Devise différente")
        SURPLUS = "surplus", _("Trop-perçu")
        UNALLOCATED = "unallocated", _("Paiement sans facture à régler")
        CONTRADICTION = "contradiction", _("Le prestataire se contredit")
        UNKNOWN = "unknown", _("Transaction inconnue")
        CONFIGURATION = "configuration", _("Configuration du prestataire")
        STALE = "stale", _("Sans nouvelles")
        REVERSAL = "reversal", _("Annulation chez le prestataire")
        FAILURES = "failures", _("Paiements qui échouent")

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("nature"), max_length=20, choices=Kind.choices)
    client = models.ForeignKey(
        "accounts.Client",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("client"),
    )
    attempt = models.ForeignKey(
        PaymentAttempt,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="anomalies",
        verbose_name=_("tentative"),
    )
    payment = models.ForeignKey(
        "payments.Payment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="anomalies",
        verbose_name=_("paiement"),
    )
    detail = models.TextField(_("constat"))
    raised_at = models.DateTimeField(_("constatée le"))
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("résolue le"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("résolue par"),
    )
    resolution = models.TextField(_("résolution"), blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=models.Q(pk=None))  # ours alone

    class Meta:
        verbose_name = _("anomalie de paiement")
        verbose_name_plural = _("anomalies de paiement")
        permissions = [("resolve_anomaly", _("Résoudre une anomalie"))]
        indexes = [
            models.Index(
                fields=["-raised_at"],
                name="anomaly_open",
                condition=models.Q(resolved_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
