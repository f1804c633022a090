"""Money received, where it went, and the receipt for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice
from billing.payments.models.accounts import MoneyAccount
from billing.payments.models.attempts import PaymentAttempt
from billing.payments.models.means import PaymentMethod
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from core.money import format_amount


class Payment(models.Model):
    """Money that came in. Append-only: a mistake is answered by a refund, never by an edit.

    `amount` is all of it; allocations say how much went to which invoice, and what no invoice
    needs stays in `amount_unallocated`, to the client’s credit. `payer_name` and `payer_phone` say
    who paid when it was somebody else; `proof` is the slip, the cheque or the screenshot.
    `reference_key` is a reference told by hand, squeezed: each counts once per company and means.
    """

    class Cheque(models.TextChoices):
        RECEIVED = "received", _("Reçu")
        DEPOSITED = "deposited", _("Remis en banque")
        CASHED = "cashed", _("Encaissé")
        BOUNCED = "bounced", _("Impayé")

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
    reference_key = models.CharField(max_length=100, blank=True, editable=False)
    account = models.ForeignKey(
        MoneyAccount,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="payments",
        verbose_name=_("compte"),
    )
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
    cheque_state = models.CharField(
        _("chèque"), max_length=10, choices=Cheque.choices, blank=True, default=""
    )
    cheque_on = models.DateField(_("état du chèque depuis"), null=True, blank=True)
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
            models.UniqueConstraint(
                fields=["company", "method", "reference_key"],
                condition=~Q(reference_key=""),
                name="payment_reference_once",
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
    to the client's credit. Negative rows undo: `return` when the payment is refunded or bounced,
    `release` when the money goes back to the client's credit, and `unrounding` beside it.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("Paiement")
        ROUNDING = "rounding", _("Arrondi")
        CREDIT = "credit", _("Avoir disponible utilisé")
        RETURN = "return", _("Remboursement")
        RELEASE = "release", _("Désaffectation")
        UNROUNDING = "unrounding", _("Arrondi repris")

    NEGATIVE = (Kind.RETURN, Kind.RELEASE, Kind.UNROUNDING)

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices, default=Kind.PAYMENT)
    amount = models.BigIntegerField(_("montant"))
    reason = models.CharField(_("motif"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("affecté le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("affectation")
        verbose_name_plural = _("affectations")
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "invoice", "kind"],
                condition=Q(kind__in=["payment", "rounding"]),
                name="allocation_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["return", "release", "unrounding"], amount__lt=0)
                | Q(kind__in=["payment", "rounding", "credit"], amount__gt=0),
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
