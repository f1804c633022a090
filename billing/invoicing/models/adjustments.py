"""What lowers an invoice without money coming in, and without correcting it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models.invoices import Invoice
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from core.money import format_amount


class Adjustment(models.Model):
    """An amount that an invoice no longer waits for. Append-only; undone by a negative row.

    `withheld`: the client paid it to the State, and `file` is the certificate. `write_off`: we
    gave it up. `exchange`: what the rate of a foreign currency made of it. Never above what is due.
    """

    class Kind(models.TextChoices):
        WITHHELD = "withheld", _("Retenue à la source")
        WRITE_OFF = "write_off", _("Passage en perte")
        EXCHANGE = "exchange", _("Écart de change")

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="adjustments")
    undoes = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="undone_by",
    )
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices)
    amount = models.BigIntegerField(_("montant"))
    reason = models.CharField(_("motif"), max_length=300)
    reference = models.CharField(_("référence de la pièce"), max_length=100, blank=True)
    file = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    dated_on = models.DateField(_("daté du"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(_("enregistré le"))
    idempotency_key = models.CharField(max_length=64, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("ajustement")
        verbose_name_plural = _("ajustements")
        permissions = [("adjust_invoice", _("Passer une facture en perte ou noter une retenue"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, undoes=None) | Q(amount__lt=0, undoes__isnull=False),
                name="adjustment_sign",
            ),
            models.UniqueConstraint(
                fields=["idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="adjustment_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {format_amount(self.amount, self.invoice.currency)}"


class DepositDeduction(models.Model):
    """A deposit taken off a final invoice, once. `groups` are its base and VAT per rate.

    A deposit whose final invoice was cancelled may be deducted again.
    """

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    final = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="deductions")
    deposit = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="deducted_from")
    groups = models.JSONField(default=list)  # [{rate, base, vat}]
    net = models.BigIntegerField(_("acompte HT"))
    total = models.BigIntegerField(_("acompte TTC"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=~Q(final__status="draft"))

    class Meta:
        verbose_name = _("acompte déduit")
        verbose_name_plural = _("acomptes déduits")
        constraints = [
            models.UniqueConstraint(fields=["final", "deposit"], name="deduction_once"),
            models.CheckConstraint(condition=Q(net__gte=0, total__gt=0), name="deduction_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.deposit_id} → {self.final_id}"
