"""What was said about an invoice that falls due, so that it is said once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class DunningNotice(models.Model):
    """A relance: one step of an invoice and of one of its due dates, told or passed over.

    Append-only. `is_sent` is False for a step that a later one overtook while nobody was sending.
    `key` names what left: the mail of this key, the texts of `<key>:sms` and `<key>:whatsapp`.
    """

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="dunning_notices", verbose_name=_("facture")
    )
    due_date = models.DateField(_("échéance"), null=True)
    step = models.CharField(_("étape"), max_length=20)
    label = models.CharField(_("étape"), max_length=80, blank=True)
    days = models.SmallIntegerField(_("jours après l’échéance"), default=0)
    is_sent = models.BooleanField(_("envoyée"), default=True)
    amount_due = models.BigIntegerField(_("reste dû"))
    channels = models.JSONField(_("canaux"), default=list)
    key = models.CharField(_("clé des envois"), max_length=190, blank=True)
    letter = models.ForeignKey(
        "files.StoredFile",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lettre"),
    )
    created_at = models.DateTimeField(_("le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("relance")
        verbose_name_plural = _("relances")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "due_date", "step"],
                name="dunning_step_once",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="dunning_newest")]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.step}"
