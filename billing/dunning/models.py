"""What was said about an invoice that falls due, so that it is said once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class DunningNotice(models.Model):
    """A relance: one step of an invoice, told or passed over. Append-only.

    `is_sent` is False for a step that a later one overtook while nobody was sending.
    """

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="dunning_notices", verbose_name=_("facture")
    )
    step = models.CharField(_("étape"), max_length=20)
    is_sent = models.BooleanField(_("envoyée"), default=True)
    amount_due = models.BigIntegerField(_("reste dû"))
    created_at = models.DateTimeField(_("le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("relance")
        verbose_name_plural = _("relances")
        constraints = [
            models.UniqueConstraint(fields=["invoice", "step"], name="dunning_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.step}"
