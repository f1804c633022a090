"""The credit note: the only way to correct an invoice."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from billing.invoicing.models.invoices import Invoice, InvoiceLine
from billing.invoicing.models.lines import Paper, PaperLine
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class CreditNote(Paper, ClusterableModel):
    """An avoir on an invoice. Its amounts are positive; they lower what is owed."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Brouillon")
        ISSUED = "issued", _("Émis")

    status = models.CharField(
        _("état"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="credit_notes", verbose_name=_("facture")
    )
    reason = models.TextField(_("motif"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=~Q(status="draft"))

    class Meta:
        verbose_name = _("avoir")
        verbose_name_plural = _("avoirs")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "number"], condition=~Q(number=""), name="credit_number_once"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", number="") | (~Q(status="draft") & ~Q(number="")),
                name="credit_number_when_issued",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_vector"], name="credit_search"),
            models.Index(fields=["client", "-issue_date", "-id"], name="credit_of_client"),
        ]

    @property
    def amount_asked(self) -> int:
        """Return by how much it lowers the invoice: TTC, and the taxes added to it."""
        return self.total + self.total_added

    @property
    def is_locked(self) -> bool:
        return self.status != self.Status.DRAFT


class CreditNoteLine(PaperLine):
    """A line of a credit note; `source` is the line of the invoice it takes units of."""

    credit_note = ParentalKey(CreditNote, on_delete=models.CASCADE, related_name="lines")
    source = models.ForeignKey(
        InvoiceLine,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="credited_by",
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=~Q(credit_note__status="draft"))

    class Meta:
        verbose_name = _("ligne")
        verbose_name_plural = _("lignes")

    @property
    def paper(self) -> CreditNote:
        return self.credit_note
