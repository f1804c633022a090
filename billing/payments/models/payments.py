"""Money received, where it went, the receipt for it, and money given back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import CreditNote, Invoice
from billing.payments.models.attempts import PaymentAttempt
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from core.money import format_amount


class PaymentMethod(models.TextChoices):
    """How money came."""

    MOBILE_MONEY = "mobile_money", _("Mobile Money")
    CARD = "card", _("Carte bancaire")
    TRANSFER = "transfer", _("Virement")
    CHEQUE = "cheque", _("Chèque")
    CASH = "cash", _("Espèces")


class Payment(models.Model):
    """Money that came in. Append-only: a mistake is answered by a refund, never by an edit.

    `amount` is all of it; allocations say how much went to which invoice, and what no invoice
    needs stays in `amount_unallocated`, to the client’s credit.
    """

    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(
        "accounts.Client",
        on_delete=models.PROTECT,
        related_name="payments",
        verbose_name=_("client"),
    )
    attempt = models.OneToOneField(
        PaymentAttempt,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="payment",
        verbose_name=_("tentative"),
    )
    method = models.CharField(_("moyen"), max_length=20, choices=PaymentMethod.choices)
    channel = models.CharField(_("opérateur"), max_length=60, blank=True)
    provider = models.CharField(_("prestataire"), max_length=20, blank=True)
    provider_reference = models.CharField(_("référence opérateur"), max_length=100, blank=True)
    amount = models.BigIntegerField(_("montant"))
    amount_unallocated = models.BigIntegerField(_("non affecté"), default=0)
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    received_on = models.DateField(_("reçu le"))
    recorded_at = models.DateTimeField(_("enregistré le"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("enregistré par"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    idempotency_key = models.CharField(max_length=64, blank=True, editable=False)
    is_test = models.BooleanField(_("bac à sable"), default=False)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("paiement")
        verbose_name_plural = _("paiements")
        permissions = [("record_payment", _("Enregistrer un paiement"))]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(amount_unallocated__gte=0, amount_unallocated__lte=models.F("amount")),
                name="payment_unallocated_within",
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                condition=~Q(provider="") & ~Q(provider_reference=""),
                name="payment_provider_once",
            ),
            models.UniqueConstraint(
                fields=["idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="payment_recorded_once",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-received_on", "-id"], name="payment_of_client"),
            models.Index(fields=["-received_on", "-id"], name="payment_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} · {format_amount(self.amount, self.currency)}"


class Allocation(models.Model):
    """What counts as paid on which invoice. The sum per invoice is what it says is paid.

    `payment` rows share the money of a payment out. A `rounding` row writes off the few francs
    that no provider can take, and costs the payment nothing. A `credit` row uses money that was
    to the client's credit. A `return` row, negative, takes money back from an invoice when the
    payment is refunded.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("Paiement")
        ROUNDING = "rounding", _("Arrondi")
        CREDIT = "credit", _("Avoir disponible utilisé")
        RETURN = "return", _("Remboursement")

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices, default=Kind.PAYMENT)
    amount = models.BigIntegerField(_("montant"))
    created_at = models.DateTimeField(_("affecté le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("affectation")
        verbose_name_plural = _("affectations")
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "invoice", "kind"],
                condition=~Q(kind__in=["return", "credit"]),
                name="allocation_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="return", amount__lt=0) | (~Q(kind="return") & Q(amount__gt=0)),
                name="allocation_sign",
            ),
            models.CheckConstraint(
                condition=~Q(kind="rounding") | Q(amount__lte=4), name="allocation_rounding_small"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class Receipt(models.Model):
    """The proof we give for a payment, numbered without gap. One per payment."""

    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="receipt")
    number = models.CharField(_("numéro"), max_length=30)
    issue_date = models.DateField(_("du"))
    balance_left = models.BigIntegerField(_("reste à payer après"), default=0)
    pdf = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("reçu")
        verbose_name_plural = _("reçus")
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="receipt_number_once")
        ]

    def __str__(self) -> str:
        return self.number


class Refund(models.Model):
    """Money given back to a client, by hand at the provider or the bank."""

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
