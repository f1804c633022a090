"""Time that is billed: what an hour costs, which entries are on an invoice, which are offered."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models.fields import FigureField
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet

NEVER = Q(pk=None)


class RateCard(models.Model):
    """What an hour costs from a day on: of a person on a project, of one of both, or of anybody.

    `hourly_rate` is in minor units of the currency, before VAT.
    """

    project = models.ForeignKey(
        "projects.Project",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("projet"),
        help_text=_("Vide : tous les projets."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        limit_choices_to={"is_staff": True},
        verbose_name=_("personne"),
        help_text=_("Vide : toute l’équipe."),
    )
    hourly_rate = FigureField(
        _("prix de l’heure HT"),
        max_digits=13,
        decimal_places=0,
        validators=[MinValueValidator(0), MaxValueValidator(10**9)],
    )
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    valid_from = models.DateField(
        _("à partir du"), null=True, blank=True, help_text=_("Vide : depuis toujours.")
    )

    class Meta:
        verbose_name = _("tarif horaire")
        verbose_name_plural = _("tarifs horaires")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user", "currency", "valid_from"],
                nulls_distinct=False,
                name="rate_card_once",
                violation_error_message=_("Ce tarif existe déjà pour cette date."),
            )
        ]

    def __str__(self) -> str:
        whose = [str(each) for each in (self.user, self.project) if each]
        return " · ".join(whose) or str(_("Tarif de l’agence"))


class OfTimeEntry(models.Model):
    """What billing knows of an entry of time; the client is that of its project."""

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )

    class Meta:
        abstract = True


class BilledTime(OfTimeEntry):
    """An entry of time on a line of an invoice, once. Gone with the line, or when cancelled."""

    entry = models.OneToOneField(
        "projects.TimeEntry", on_delete=models.PROTECT, related_name="billed"
    )
    line = models.ForeignKey(
        "invoicing.InvoiceLine", on_delete=models.CASCADE, related_name="billed_time"
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=NEVER)

    class Meta:
        verbose_name = _("temps facturé")
        verbose_name_plural = _("temps facturés")

    def __str__(self) -> str:
        return f"{self.entry_id} → {self.line_id}"


class OfferedTime(OfTimeEntry):
    """An entry of time that will not be billed."""

    entry = models.OneToOneField(
        "projects.TimeEntry", on_delete=models.CASCADE, related_name="offered"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    offered_at = models.DateTimeField(_("le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=NEVER)

    class Meta:
        verbose_name = _("temps non facturable")
        verbose_name_plural = _("temps non facturables")

    def __str__(self) -> str:
        return str(self.entry_id)
