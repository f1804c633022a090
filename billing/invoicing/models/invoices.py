"""The invoice: a draft until it is issued, then frozen."""

from datetime import date

from django.conf import settings
from django.contrib.admin import display
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from billing.invoicing.models.lines import Paper, PaperLine
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet

DUE_PARTS = ("total", "total_added", "amount_credited", "amount_adjusted", "amount_paid")
# What payments may still bring, whatever was paid: what was asked, less all that lowered it.
LEFT = F("total") + F("total_added") - F("amount_credited") - F("amount_adjusted")


def _sum_of(rows: models.QuerySet, field: str) -> Coalesce:
    """Return the sum of a column over rows that name their invoice; 0 without rows."""
    sums = rows.values("invoice").annotate(sum=Sum(field)).values("sum")
    return Coalesce(Subquery(sums), 0, output_field=models.BigIntegerField())


class InvoiceQuerySet(ScopedQuerySet):
    """Invoices, filtered by where they stand."""

    def issued(self) -> "InvoiceQuerySet":
        return self.filter(status=Invoice.Status.ISSUED)

    def unpaid(self) -> "InvoiceQuerySet":
        """Keep issued invoices of which something is left to pay."""
        return self.issued().filter(amount_paid__lt=LEFT, settled_at=None)

    def with_certificates(self) -> "InvoiceQuerySet":
        """Read with each invoice what its certificates and credit notes cover of what is withheld.

        For pages: rows that a service locks ask again.
        """
        own = {"invoice": OuterRef("pk")}
        adjustment, note = (
            self.model._meta.get_field(name).related_model
            for name in ("adjustments", "credit_notes")
        )
        certified = adjustment.objects.filter(**own, kind="withheld").order_by()
        credited = note.objects.filter(**own, status="issued").order_by()
        return self.annotate(
            withheld_covered=_sum_of(certified, "amount") + _sum_of(credited, "total_withheld")
        )

    def overdue(self, today: date) -> "InvoiceQuerySet":
        return self.unpaid().filter(due_date__lt=today)


class Invoice(Paper, ClusterableModel):
    """A facture. Being sent, paid or overdue is read from events, amounts and dates.

    `amount_paid`, `amount_credited` and `amount_adjusted` are sums kept by the services beside
    their rows: allocations of payments, credit notes issued against this invoice, adjustments.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Brouillon")
        ISSUED = "issued", _("Émise")
        CANCELLED = "cancelled", _("Annulée")

    class Kind(models.TextChoices):
        STANDARD = "standard", _("Facture")
        DEPOSIT = "deposit", _("Facture d’acompte")
        FINAL = "final", _("Facture de solde")

    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices, default=Kind.STANDARD)
    status = models.CharField(
        _("état"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    quote = models.ForeignKey(
        "invoicing.Quote",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invoices",
        verbose_name=_("devis"),
    )
    due_date = models.DateField(
        _("échéance"), null=True, blank=True, help_text=_("Vide : le délai de la société.")
    )
    external_reference = models.CharField(_("référence du client"), max_length=60, blank=True)
    amount_paid = models.BigIntegerField(_("payé"), default=0, editable=False)
    amount_credited = models.BigIntegerField(_("avoirs"), default=0, editable=False)
    amount_adjusted = models.BigIntegerField(_("ajustements"), default=0, editable=False)
    sent_at = models.DateTimeField(_("envoyée le"), null=True, blank=True, editable=False)
    seen_at = models.DateTimeField(_("consultée le"), null=True, blank=True, editable=False)
    settled_at = models.DateTimeField(_("soldée le"), null=True, blank=True, editable=False)

    objects = InvoiceQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=~Q(status="draft"))

    class Meta:
        verbose_name = _("facture")
        verbose_name_plural = _("factures")
        permissions = [
            ("issue_invoice", _("Émettre et envoyer des factures")),
            ("cancel_invoice", _("Annuler une facture par un avoir")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "number"], condition=~Q(number=""), name="invoice_number_once"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", number="") | (~Q(status="draft") & ~Q(number="")),
                name="invoice_number_when_issued",
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_paid__gte=0,
                    amount_credited__gte=0,
                    amount_adjusted__gte=0,
                    total__gte=0,
                    amount_paid__lte=LEFT,
                ),
                name="invoice_not_overpaid",
            ),
            models.CheckConstraint(
                condition=Q(total=F("total_net") + F("total_vat")), name="invoice_adds_up"
            ),
        ]
        indexes = [
            GinIndex(fields=["search_vector"], name="invoice_search"),
            models.Index(fields=["client", "-issue_date", "-id"], name="invoice_of_client"),
            models.Index(fields=["-issue_date", "-id"], name="invoice_newest"),
            models.Index(fields=["-updated_at", "-id"], name="invoice_changed"),
            models.Index(fields=["number"], name="invoice_by_number"),
            models.Index(fields=["total", "id"], name="invoice_by_total"),
            models.Index(
                fields=["due_date", "id"],
                name="invoice_unpaid_due",
                condition=Q(status="issued", settled_at=None),
                include=["client", "currency", *DUE_PARTS],  # sums without reading the rows
            ),
            models.Index(
                fields=["settled_at"],
                name="invoice_settled",
                condition=Q(status="issued", settled_at__isnull=False),
                include=["client", "due_date"],
            ),
            models.Index(fields=["due_date", "id"], name="invoice_by_due"),
        ]

    def searched_texts(self) -> tuple[str, ...]:
        return (*super().searched_texts(), self.external_reference)

    @property
    def amount_asked(self) -> int:
        """Return what the invoice asks for: TTC, and the taxes added to it."""
        return self.total + self.total_added

    @property
    @display(description=_("reste dû"))
    def amount_due(self) -> int:
        """Return what is left to pay, in whole units of the currency; 0 unless issued."""
        if self.status != self.Status.ISSUED:
            return 0
        return self.amount_asked - self.amount_credited - self.amount_adjusted - self.amount_paid

    @property
    def withheld_left(self) -> int:
        """Return what the client keeps back for the State and has given no certificate for."""
        if not self.total_withheld or self.amount_due <= 0:
            return 0
        return max(self.total_withheld - self._withheld_covered(), 0)

    def _withheld_covered(self) -> int:
        if (read := self.__dict__.get("withheld_covered")) is not None:
            return read
        certified = self.adjustments.filter(kind="withheld").aggregate(sum=Sum("amount"))["sum"]
        notes = self.credit_notes.filter(status="issued")
        credited = notes.aggregate(sum=Sum("total_withheld"))["sum"]
        return (certified or 0) + (credited or 0)

    @property
    def amount_payable_now(self) -> int:
        """Return what is to be paid to us: what is due, less what waits for its certificate."""
        return max(self.amount_due - self.withheld_left, 0)

    @property
    def is_locked(self) -> bool:
        """Tell whether the invoice is a paper of law by now: corrected, never edited."""
        return self.status != self.Status.DRAFT

    def is_overdue(self, today: date) -> bool:
        return self.amount_due > 0 and self.due_date is not None and self.due_date < today


class InvoiceLine(PaperLine):
    """A line of an invoice; `milestone` is what it bills, once."""

    invoice = ParentalKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    milestone = models.ForeignKey(
        "projects.Milestone",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=~Q(invoice__status="draft"))

    class Meta:
        verbose_name = _("ligne")
        verbose_name_plural = _("lignes")

    @property
    def paper(self) -> Invoice:
        return self.invoice


class InvoiceEvent(models.Model):
    """What happened to an invoice, in the client’s words: issued, sent, seen, paid. Append-only."""

    class Kind(models.TextChoices):
        ISSUED = "issued", _("Émise")
        SENT = "sent", _("Envoyée")
        SEEN = "seen", _("Consultée")
        REMINDED = "reminded", _("Relance")
        PAYMENT = "payment", _("Paiement reçu")
        REFUNDED = "refunded", _("Remboursement")
        SETTLED = "settled", _("Soldée")
        CREDITED = "credited", _("Avoir émis")
        CANCELLED = "cancelled", _("Annulée")
        ADJUSTED = "adjusted", _("Ajustement")

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("événement"), max_length=10, choices=Kind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    detail = models.CharField(_("détail"), max_length=200, blank=True)
    amount = models.BigIntegerField(_("montant"), null=True, blank=True)
    happened_at = models.DateTimeField(_("le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("événement de facture")
        verbose_name_plural = _("événements de facture")
        indexes = [models.Index(fields=["invoice", "happened_at"], name="event_of_invoice")]

    def __str__(self) -> str:
        return self.get_kind_display()
