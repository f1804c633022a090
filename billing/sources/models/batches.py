"""Acts on many invoices at once: what was asked, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class InvoiceBatch(models.Model):
    """One demand to issue or send many invoices; the worker takes them one by one."""

    class Act(models.TextChoices):
        ISSUE = "issue", _("Émettre")
        ISSUE_AND_SEND = "issue_send", _("Émettre et envoyer")
        SEND = "send", _("Envoyer")

    act = models.CharField(_("acte"), max_length=10, choices=Act.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("demandé par"),
    )
    asked_at = models.DateTimeField(_("demandé le"))
    done_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("lot de factures")
        verbose_name_plural = _("lots de factures")

    def __str__(self) -> str:
        return f"{self.get_act_display()} · {self.asked_at:%d/%m/%Y %H:%M}"


class BatchItem(models.Model):
    """An invoice of a batch, as the person saw it; gone with a draft that is deleted."""

    class State(models.TextChoices):
        WAITING = "waiting", _("En attente")
        DONE = "done", _("Fait")
        FAILED = "failed", _("Refusé")

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    batch = models.ForeignKey(InvoiceBatch, on_delete=models.CASCADE, related_name="items")
    invoice = models.ForeignKey(
        "invoicing.Invoice", on_delete=models.CASCADE, related_name="+", verbose_name=_("facture")
    )
    version = models.PositiveIntegerField()
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("motif"), max_length=500, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=Q(pk=None))

    class Meta:
        verbose_name = _("facture d’un lot")
        verbose_name_plural = _("factures d’un lot")
        constraints = [models.UniqueConstraint(fields=["batch", "invoice"], name="batch_item_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.invoice_id}"
