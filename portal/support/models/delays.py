"""Our working hours, and the delays that we promise within them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import ScopedQuerySet
from core.models import Versioned
from portal.support.hours import Week, write_periods
from portal.support.words import KINDS, PRIORITIES

ZONES = [
    (name, name.replace("_", " "))
    for name in (
        "Africa/Abidjan",
        "Africa/Dakar",
        "Africa/Lagos",
        "Africa/Douala",
        "Africa/Casablanca",
        "Africa/Tunis",
        "Africa/Nairobi",
        "Europe/Paris",
        "America/Montreal",
        "UTC",
    )
]
OFFICE_HOURS = [480, 1080]
DAYS = {
    1: _("lundi"),
    2: _("mardi"),
    3: _("mercredi"),
    4: _("jeudi"),
    5: _("vendredi"),
    6: _("samedi"),
    7: _("dimanche"),
}


def office_week() -> dict[str, list[list[int]]]:
    """Return Monday to Friday, from 8 h to 18 h."""
    return {str(day): [list(OFFICE_HOURS)] for day in range(1, 6)}


class BusinessCalendar(Versioned):
    """Our working hours, on which delays run: several periods a day, in minutes since midnight."""

    name = models.CharField(_("nom"), max_length=60, unique=True)
    time_zone = models.CharField(
        _("fuseau horaire"), max_length=40, choices=ZONES, default="Africa/Abidjan"
    )
    hours = models.JSONField(_("heures d’ouverture"), default=office_week)
    keeps_holidays = models.BooleanField(
        _("fermé les jours fériés"),
        default=True,
        help_text=_("Ceux de Côte d’Ivoire, et les corrections de Réglages › Jours fériés."),
    )

    class Meta:
        verbose_name = _("calendrier ouvré")
        verbose_name_plural = _("calendriers ouvrés")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not any(self.hours.values()):
            raise ValidationError(_("Ouvrez au moins une heure par semaine."))

    def week(self, is_off: Callable[[date], bool]) -> Week:
        """Return the calendar as plain values; `is_off` tells holidays."""
        periods = {int(day): tuple((a, b) for a, b in rows) for day, rows in self.hours.items()}
        never = Week.is_off
        zone = ZoneInfo(self.time_zone)
        return Week(periods, zone, is_off if self.keeps_holidays else never)

    @property
    def text(self) -> str:
        """Write the week on one line, days of the same hours together."""
        said: list[tuple[str, list[Any]]] = []
        for day, name in DAYS.items():
            hours = write_periods([(a, b) for a, b in self.hours.get(str(day), ())])
            if said and said[-1][0] == hours:
                said[-1][1].append(name)
            else:
                said.append((hours, [name]))
        return " · ".join(
            f"{names[0]}{f'–{names[-1]}' if len(names) > 1 else ''} {hours}"
            for hours, names in said
            if hours
        )


class SlaPolicy(Versioned):
    """The delays we promise on requests of a kind, in working hours or days.

    A policy holds for what it names: of those that fit a request, the most precise wins. One that
    names nothing holds for all the rest.
    """

    class Unit(models.TextChoices):
        HOURS = "h", _("heures ouvrées")
        DAYS = "d", _("jours ouvrés")

    name = models.CharField(_("nom"), max_length=60, unique=True)
    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.PROTECT, related_name="+", verbose_name=_("calendrier")
    )
    answer_in = models.PositiveSmallIntegerField(
        _("première réponse en"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )
    answer_unit = models.CharField(
        _("unité de la réponse"), max_length=1, choices=Unit.choices, default=Unit.HOURS
    )
    solution_in = models.PositiveSmallIntegerField(
        _("résolution en"), default=2, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    solution_unit = models.CharField(
        _("unité de la résolution"), max_length=1, choices=Unit.choices, default=Unit.DAYS
    )
    kind = models.CharField(_("type de demande"), max_length=10, choices=KINDS, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priorité"), choices=PRIORITIES, null=True, blank=True
    )
    for_client = models.ForeignKey(
        "accounts.Client",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("client"),
    )
    for_project = models.ForeignKey(
        "projects.Project",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("projet ou contrat"),
    )
    warns_at = models.PositiveSmallIntegerField(
        _("alerte à (% du délai)"),
        default=80,
        validators=[MinValueValidator(50), MaxValueValidator(99)],
    )
    escalates = models.BooleanField(
        _("escalade au dépassement"),
        default=True,
        help_text=_("La priorité monte d’un cran et la direction est prévenue."),
    )
    is_active = models.BooleanField(_("en vigueur"), default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("délai de service")
        verbose_name_plural = _("délais de service")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        project, client = self.for_project, self.for_client
        if project is not None and client is not None and project.client_id != client.pk:
            raise ValidationError({"for_project": _("Ce projet n’est pas celui de ce client.")})

    def answer_delay(self, week: Week) -> timedelta:
        """Return the working time in which we answer first."""
        return _delay(self.answer_in, self.answer_unit, week)

    def solution_delay(self, week: Week) -> timedelta:
        """Return the working time in which we solve."""
        return _delay(self.solution_in, self.solution_unit, week)

    @property
    def text(self) -> str:
        """Write what is promised in short: « 4 h / 2 j »."""
        units = {self.Unit.HOURS: "h", self.Unit.DAYS: "j"}
        answer, solution = units[self.Unit(self.answer_unit)], units[self.Unit(self.solution_unit)]
        return f"{self.answer_in} {answer} / {self.solution_in} {solution}"


def _delay(amount: int, unit: str, week: Week) -> timedelta:
    """Return a promise as working time; a day is the longest open day of the week."""
    return amount * (week.longest_day if unit == SlaPolicy.Unit.DAYS else timedelta(hours=1))
