"""What became of an accepted quote: its project, and which of its parts is on which invoice."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class Transformation(models.Model):
    """An accepted quote turned into work, once, with or without a project."""

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    quote = models.OneToOneField(
        "invoicing.Quote", on_delete=models.PROTECT, related_name="transformation"
    )
    project = models.ForeignKey(
        "projects.Project", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_at = models.DateTimeField(_("le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("devis transformé")
        verbose_name_plural = _("devis transformés")

    def __str__(self) -> str:
        return str(self.quote)


class BilledPart(models.Model):
    """A part of a quote, or a milestone without one, that stands on a live invoice: once.

    It goes with the draft that is deleted; an invoice cancelled since releases it.
    """

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    invoice = models.OneToOneField(
        "invoicing.Invoice", on_delete=models.CASCADE, related_name="billed_part"
    )
    instalment = models.ForeignKey(
        "invoicing.QuoteInstalment",
        null=True,
        on_delete=models.PROTECT,
        related_name="billed_parts",
    )
    milestone = models.ForeignKey(
        "projects.Milestone", null=True, on_delete=models.PROTECT, related_name="billed_parts"
    )
    billed_at = models.DateTimeField(_("le"))
    released_at = models.DateTimeField(_("libéré le"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=~Q(invoice__status="draft"))

    class Meta:
        verbose_name = _("part facturée")
        verbose_name_plural = _("parts facturées")
        constraints = [
            models.UniqueConstraint(
                fields=["instalment"], condition=Q(released_at=None), name="instalment_billed_once"
            ),
            models.UniqueConstraint(
                fields=["milestone"], condition=Q(released_at=None), name="milestone_billed_once"
            ),
            models.CheckConstraint(
                condition=Q(instalment__isnull=False) | Q(milestone__isnull=False),
                name="billed_part_of_something",
            ),
        ]

    def __str__(self) -> str:
        return str(self.instalment or self.milestone)
