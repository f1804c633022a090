"""The quote: what we offer, accepted or refused by the client."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from billing.invoicing.models.lines import Paper, PaperLine
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class QuoteQuerySet(ScopedQuerySet):
    """Quotes, filtered by where they stand."""

    def open_on(self, today: date) -> "QuoteQuerySet":
        """Keep the quotes that can still be accepted or refused on a day."""
        holds = Q(valid_until=None) | Q(valid_until__gte=today)
        return self.filter(holds, status=Quote.Status.SENT)


class Quote(Paper, ClusterableModel):
    """A devis. Expired is read from its date, never stored."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Brouillon")
        SENT = "sent", _("Envoyé")
        ACCEPTED = "accepted", _("Accepté")
        REFUSED = "refused", _("Refusé")
        REPLACED = "replaced", _("Remplacé")

    status = models.CharField(
        _("état"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    intro = models.TextField(_("introduction"), blank=True)
    valid_until = models.DateField(_("valable jusqu’au"), null=True, blank=True)
    revision = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        verbose_name=_("remplace"),
    )
    seen_at = models.DateTimeField(_("consulté le"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("relancé le"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True, editable=False)
    decided_name = models.CharField(_("signé par"), max_length=200, blank=True, editable=False)
    decided_ip = models.GenericIPAddressField(null=True, blank=True, editable=False)
    refusal_reason = models.TextField(_("motif du refus"), blank=True, editable=False)

    objects = QuoteQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=~Q(status="draft"))

    class Meta:
        verbose_name = _("devis")
        verbose_name_plural = _("devis")
        permissions = [("send_quote", _("Envoyer des devis"))]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "number"], condition=~Q(number=""), name="quote_number_once"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", number="") | (~Q(status="draft") & ~Q(number="")),
                name="quote_number_when_sent",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_vector"], name="quote_search"),
            models.Index(fields=["client", "-issue_date", "-id"], name="quote_of_client"),
            models.Index(fields=["-updated_at", "-id"], name="quote_changed"),
        ]

    @property
    def is_locked(self) -> bool:
        return self.status != self.Status.DRAFT

    def is_expired(self, today: date) -> bool:
        """Tell whether the offer has lapsed without an answer."""
        is_over = self.valid_until is not None and self.valid_until < today
        return is_over and self.status == self.Status.SENT


class QuoteLine(PaperLine):
    """A line of a quote."""

    quote = ParentalKey(Quote, on_delete=models.CASCADE, related_name="lines")
    is_option = models.BooleanField(
        _("option"), default=False, help_text=_("Le client choisit de la prendre ou non.")
    )
    is_chosen = models.BooleanField(_("option retenue"), default=False, editable=False)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=~Q(quote__status="draft"))

    class Meta:
        verbose_name = _("ligne")
        verbose_name_plural = _("lignes")

    @property
    def paper(self) -> Quote:
        return self.quote

    @property
    def is_counted(self) -> bool:
        """Tell whether the line is part of the sums: any but an option that nobody took."""
        return self.is_chosen or not self.is_option
