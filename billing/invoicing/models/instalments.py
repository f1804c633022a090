"""In what parts the work of a quote is billed: a deposit, milestones, what is left."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from billing.invoicing.models.fields import FigureField
from billing.invoicing.models.quotes import Quote
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class InstalmentKind(models.TextChoices):
    """What a part is asked for: agreeing, a step of the work, or its end."""

    DEPOSIT = "deposit", _("Acompte")
    MILESTONE = "milestone", _("Jalon")
    BALANCE = "balance", _("Solde")


class Instalment(models.Model):
    """A part of what is billed: a percentage, or what is left after the others."""

    Kind = InstalmentKind

    kind = models.CharField(_("nature"), max_length=10, choices=InstalmentKind.choices)
    label = models.CharField(_("intitulé"), max_length=200)
    percent = FigureField(
        _("part du total (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
        help_text=_("Vide sur la dernière ligne : ce qui reste."),
    )
    sort_order = models.IntegerField(default=0, editable=False)

    sort_order_field = "sort_order"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label


class QuoteInstalment(Instalment):
    """A part of a quote, with its amount in TTC; all of them are exactly its total.

    `milestone` is the step of the project that it waits for, once there is a project.
    """

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    quote = ParentalKey(Quote, on_delete=models.CASCADE, related_name="instalments")
    expected_on = models.DateField(_("prévue le"), null=True, blank=True)
    amount = models.BigIntegerField(_("montant TTC"), default=0, editable=False)
    milestone = models.OneToOneField(
        "projects.Milestone",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="quote_instalment",
        verbose_name=_("jalon"),
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=~Q(quote__status="draft"))

    class Meta:
        verbose_name = _("échéance de facturation")
        verbose_name_plural = _("échéances de facturation")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="instalment_not_negative")
        ]

    def save(self, *args, **kwargs) -> None:
        self.client_id = self.quote.client_id
        super().save(*args, **kwargs)

    @property
    def currency(self) -> str:
        """Return the currency of its amount: that of its quote."""
        return self.quote.currency
