"""What keeps an invoice from being reminded: a dispute, a promise to pay, a pause."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet

PEOPLE = settings.AUTH_USER_MODEL


class Dispute(models.Model):
    """An invoice that its client contests; open until the team closes it. At most one open."""

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="disputes")
    reason = models.TextField(_("motif"))
    is_by_client = models.BooleanField(_("ouvert par le client"), default=False)
    ticket = models.ForeignKey(
        "support.Ticket", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_by = models.ForeignKey(PEOPLE, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(_("ouvert le"))
    closed_by = models.ForeignKey(
        PEOPLE, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(_("clos le"), null=True, blank=True)
    outcome = models.CharField(_("issue"), max_length=300, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("litige")
        verbose_name_plural = _("litiges")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(closed_at=None), name="dispute_one_open"
            )
        ]

    def __str__(self) -> str:
        return self.reason[:60]


class PaymentPromise(models.Model):
    """A day on which an invoice will be paid, as promised. At most one open, one by the client."""

    class State(models.TextChoices):
        OPEN = "open", _("En cours")
        KEPT = "kept", _("Tenue")
        BROKEN = "broken", _("Non tenue")
        REPLACED = "replaced", _("Remplacée")

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="promises")
    promised_for = models.DateField(_("promis pour le"))
    state = models.CharField(
        _("état"), max_length=8, choices=State.choices, default=State.OPEN, editable=False
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_by_client = models.BooleanField(_("par le client"), default=False)
    made_by = models.ForeignKey(PEOPLE, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(_("faite le"))
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("promesse de paiement")
        verbose_name_plural = _("promesses de paiement")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(state="open"), name="promise_one_open"
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(is_by_client=True), name="promise_once_by_client"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.promised_for}"


class Pause(models.Model):
    """Days without reminders, before `until`: of one invoice, or of all those of a client."""

    client = models.ForeignKey("accounts.Client", on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(
        Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="dunning_pauses"
    )
    until = models.DateField(_("jusqu’au"))
    reason = models.CharField(_("motif"), max_length=300)
    made_by = models.ForeignKey(PEOPLE, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(_("décidée le"))
    ended_at = models.DateTimeField(_("levée le"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=Q(pk=None))  # ours alone

    class Meta:
        verbose_name = _("pause des relances")
        verbose_name_plural = _("pauses des relances")
        indexes = [
            models.Index(
                fields=["client", "until"], name="dunning_pauses", condition=Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.reason[:60]
