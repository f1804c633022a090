"""What a client says to have paid outside the portal, until the team has looked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice
from billing.payments.models.accounts import MoneyAccount
from billing.payments.models.payments import Payment
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from core.money import format_amount


class TransferDeclaration(models.Model):
    """« J’ai payé autrement ». It counts no money: a person of the team confirms or refuses it."""

    class State(models.TextChoices):
        PENDING = "pending", _("À vérifier")
        CONFIRMED = "confirmed", _("Confirmée")
        REFUSED = "refused", _("Refusée")

    client = models.ForeignKey(
        "accounts.Client",
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("client"),
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="declarations", verbose_name=_("facture")
    )
    account = models.ForeignKey(
        MoneyAccount, on_delete=models.PROTECT, related_name="+", verbose_name=_("payé sur")
    )
    amount = models.BigIntegerField(_("montant"))
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    paid_on = models.DateField(_("payé le"))
    reference = models.CharField(_("référence"), max_length=100, blank=True)
    reference_key = models.CharField(max_length=100, blank=True, editable=False)
    payer_name = models.CharField(_("payé par"), max_length=120, blank=True)
    payer_phone = models.CharField(_("numéro du payeur"), max_length=30, blank=True)
    proof = models.ForeignKey(
        "files.StoredFile",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("justificatif"),
    )
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.PENDING)
    answer = models.CharField(_("motif du refus"), max_length=300, blank=True)
    payment = models.OneToOneField(
        Payment,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="declaration",
        verbose_name=_("paiement"),
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("déclarée par"),
    )
    declared_at = models.DateTimeField(_("déclarée le"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("traitée par"),
    )
    decided_at = models.DateTimeField(_("traitée le"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("paiement déclaré")
        verbose_name_plural = _("paiements déclarés")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="declaration_positive"),
            models.CheckConstraint(
                condition=Q(state="confirmed", payment__isnull=False)
                | (~Q(state="confirmed") & Q(payment=None)),
                name="declaration_paid_when_confirmed",
            ),
            models.UniqueConstraint(
                fields=["account", "reference_key"],
                condition=~Q(reference_key="") & ~Q(state="refused"),
                name="declaration_reference_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-declared_at", "-id"],
                name="declaration_pending",
                condition=Q(state="pending"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} · {format_amount(self.amount, self.currency)}"
