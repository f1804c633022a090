"""Money given back, by hand or by the provider, and money that never really came."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import CreditNote
from billing.payments.models.payments import Payment
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from core.money import format_amount


class Refund(models.Model):
    """Money that left again. `reversal`: it never came (a bounced cheque, an undone transfer)."""

    class Kind(models.TextChoices):
        REFUND = "refund", _("Remboursement")
        REVERSAL = "reversal", _("Paiement annulé")

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("paiement")
    )
    credit_note = models.ForeignKey(
        CreditNote,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="refunds",
        verbose_name=_("avoir"),
    )
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices, default=Kind.REFUND)
    amount = models.BigIntegerField(_("montant"))
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    reason = models.CharField(_("motif"), max_length=300)
    reference = models.CharField(_("référence du virement"), max_length=100, blank=True)
    idempotency_key = models.CharField(max_length=64, unique=True)
    refunded_on = models.DateField(_("remboursé le"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(_("enregistré le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("remboursement")
        verbose_name_plural = _("remboursements")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive")
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class RefundOrder(models.Model):
    """A refund asked of a provider, kept before the call. One key, one refund, whatever happens.

    `uncertain`: no answer came, so nobody knows whether the money left; a person finds out at the
    provider and says it. It is never asked again blindly. While an order is open its amount is
    held: no other refund of the payment may count on it.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("En cours")
        UNCERTAIN = "uncertain", _("Sans réponse sûre")
        DONE = "done", _("Remboursé")
        REFUSED = "refused", _("Refusé")

    OPEN = (State.ASKED, State.UNCERTAIN)

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="refund_orders", verbose_name=_("paiement")
    )
    refund = models.OneToOneField(
        Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="order"
    )
    amount = models.BigIntegerField(_("montant"))
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    reason = models.CharField(_("motif"), max_length=300)
    with_credit_note = models.BooleanField(_("avec un avoir"), default=False)
    idempotency_key = models.CharField(max_length=64, unique=True)
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.ASKED)
    answer = models.CharField(_("réponse"), max_length=300, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("demandé par"),
    )
    asked_at = models.DateTimeField(_("demandé le"))
    ended_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=Q(pk=None))  # ours alone

    class Meta:
        verbose_name = _("demande de remboursement")
        verbose_name_plural = _("demandes de remboursement")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_order_positive"),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(state__in=["asked", "uncertain"]),
                name="refund_order_one_open",
            ),
        ]

    def __str__(self) -> str:
        return format_amount(self.amount, self.currency)
