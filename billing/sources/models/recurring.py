"""Invoices that come back: the contract, its lines and their dates, its pauses, what was made."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from billing.invoicing.models import PaperLine
from billing.invoicing.models.fields import FigureField
from billing.sources.schedule import Rhythm, Unit
from core.access.roles import Grant
from core.access.scope import ClientOwned, Scope, ScopedQuerySet
from core.models import Dated, Versioned

NEVER = Q(pk=None)  # the client reads the invoices, not how they are planned


class RecurringInvoice(Dated, Versioned, ClientOwned, ClusterableModel):
    """A contract billed every so many weeks, months or years, period by period.

    Periods are counted from `anchor_date`, so that the 31st never drifts. What the next one is
    follows from the runs; nothing of it is stored here.
    """

    class Outcome(models.TextChoices):
        DRAFT = "draft", _("Laisser un brouillon")
        ISSUE = "issue", _("Émettre")
        SEND = "send", _("Émettre et envoyer au client")

    class Timing(models.TextChoices):
        ADVANCE = "advance", _("Au début de la période")
        ARREARS = "arrears", _("À la fin de la période")

    UNITS = [
        (Unit.WEEK.value, _("semaine(s)")),
        (Unit.MONTH.value, _("mois")),
        (Unit.YEAR.value, _("année(s)")),
    ]

    company = models.ForeignKey(
        "accounts.Company", on_delete=models.PROTECT, related_name="+", verbose_name=_("société")
    )
    project = models.ForeignKey(
        "projects.Project",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("projet"),
    )
    subject = models.CharField(
        _("objet"),
        max_length=200,
        help_text=_("Variables : {mois}, {année}, {du}, {au}, celles de la période facturée."),
    )
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    every = models.PositiveSmallIntegerField(
        _("tous les"), default=1, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    unit = models.CharField(_("unité"), max_length=5, choices=UNITS, default=Unit.MONTH.value)
    anchor_date = models.DateField(
        _("date d’ancrage"),
        help_text=_("Le jour qui revient : ancré au 31, le 28 février puis le 31 mars."),
    )
    starts_on = models.DateField(
        _("facturer à partir du"),
        null=True,
        blank=True,
        help_text=_("Vide : dès la date d’ancrage."),
    )
    ends_on = models.DateField(_("dernier début de période le"), null=True, blank=True)
    times = models.PositiveSmallIntegerField(
        _("nombre de périodes"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    timing = models.CharField(
        _("quand"), max_length=10, choices=Timing.choices, default=Timing.ADVANCE
    )
    outcome = models.CharField(
        _("que faire"), max_length=10, choices=Outcome.choices, default=Outcome.ISSUE
    )
    term_days = models.PositiveSmallIntegerField(
        _("délai de paiement (jours)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(365)],
        help_text=_("Vide : le délai de la société."),
    )
    discount_percent = FigureField(
        _("remise globale (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    discount_amount = models.BigIntegerField(
        _("remise globale (montant)"), default=0, validators=[MinValueValidator(0)]
    )
    price_includes_vat = models.BooleanField(_("prix TTC"), default=False)
    exchange_rate = FigureField(
        _("cours en francs CFA"),
        max_digits=14,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.000001"))],
        help_text=_("Pour une devise étrangère : francs CFA pour une unité."),
    )
    withheld_rule = models.ForeignKey(
        "accounts.TaxRule",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"kind": "withheld"},
        verbose_name=_("retenue à la source"),
    )
    added_rule = models.ForeignKey(
        "accounts.TaxRule",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"kind": "added"},
        verbose_name=_("taxe ajoutée"),
    )
    notes = models.TextField(_("mentions"), blank=True)
    failure = models.CharField(_("panne"), max_length=500, blank=True, editable=False)
    failed_at = models.DateTimeField(_("en panne depuis"), null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=NEVER)

    class Meta:
        verbose_name = _("abonnement")
        verbose_name_plural = _("abonnements")
        constraints = [
            models.CheckConstraint(
                condition=Q(every__gte=1, every__lte=60), name="recurring_every_some"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(times=None),
                name="recurring_one_end",
                violation_error_message=_("Choisissez une date de fin ou un nombre de périodes."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("anchor_date")),
                name="recurring_ends_after_start",
                violation_error_message=_("La fin ne peut pas précéder la date d’ancrage."),
            ),
            models.CheckConstraint(
                condition=Q(failure="", failed_at=None)
                | (~Q(failure="") & Q(failed_at__isnull=False)),
                name="recurring_failure_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def rhythm(self) -> Rhythm:
        """Return which periods the contract has."""
        return Rhythm(
            anchor=self.anchor_date,
            every=self.every,
            unit=Unit(self.unit),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            times=self.times,
            in_arrears=self.timing == self.Timing.ARREARS,
        )


class RecurringLine(PaperLine):
    """A line of a contract, billed for the periods that begin between its two dates."""

    schedule = ParentalKey(RecurringInvoice, on_delete=models.CASCADE, related_name="lines")
    valid_from = models.DateField(
        _("à partir du"), null=True, blank=True, help_text=_("Vide : depuis le début.")
    )
    valid_until = models.DateField(
        _("jusqu’au"), null=True, blank=True, help_text=_("Vide : sans fin.")
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=NEVER)

    class Meta:
        verbose_name = _("ligne")
        verbose_name_plural = _("lignes")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gte=F("valid_from")),
                name="recurring_line_dates",
                violation_error_message=_("La ligne finit avant de commencer."),
            )
        ]

    @property
    def paper(self) -> RecurringInvoice:
        return self.schedule

    def holds_on(self, day: date) -> bool:
        """Tell whether a period that begins on a day bills the line."""
        is_begun = self.valid_from is None or self.valid_from <= day
        return is_begun and (self.valid_until is None or day <= self.valid_until)


class RecurringPause(models.Model):
    """A time during which a contract bills nothing; the open one has no end."""

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    schedule = models.ForeignKey(RecurringInvoice, on_delete=models.CASCADE, related_name="pauses")
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"), null=True, blank=True)
    reason = models.CharField(_("motif"), max_length=300)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=NEVER)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints = [
            models.UniqueConstraint(
                fields=["schedule"], condition=Q(ends_on=None), name="recurring_one_pause"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class RecurringRun(models.Model):
    """A period of a contract that was dealt with: billed once, or passed over knowingly."""

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    schedule = models.ForeignKey(
        RecurringInvoice,
        on_delete=models.PROTECT,
        related_name="runs",
        verbose_name=_("abonnement"),
    )
    period_start = models.DateField(_("début"))
    period_end = models.DateField(_("fin"), help_text=_("Dernier jour compris."))
    invoice = models.OneToOneField(
        "invoicing.Invoice",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="recurring_run",
        verbose_name=_("facture"),
    )
    is_skipped = models.BooleanField(_("passée"), default=False)
    reason = models.CharField(_("motif"), max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(_("le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=NEVER)

    class Meta:
        verbose_name = _("période facturée")
        verbose_name_plural = _("périodes facturées")
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "period_start"], name="recurring_period_once"
            ),
            models.CheckConstraint(
                condition=Q(is_skipped=False) | Q(invoice=None),
                name="recurring_skip_has_no_invoice",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="recurring_period_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.period_start}"
