"""Time of the team: what somebody has in a week, when they are away, the timer that runs."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from portal.projects.models import Project, Task
from portal.projects.models.projects import OfProject

OURS_ALONE = Scope(grant=Grant.ENTER, only=Q(pk=None))
DAY = 24 * 60
FULL_DAY = 480  # minutes


def of_the_team(**options) -> models.ForeignKey:
    """Return a key to somebody of the team."""
    facts = {
        "on_delete": models.CASCADE,
        "related_name": "+",
        "limit_choices_to": {"is_staff": True},
        "verbose_name": _("personne"),
    }
    return models.ForeignKey(settings.AUTH_USER_MODEL, **{**facts, **options})


def _minutes(label: object, default: int = FULL_DAY) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MaxValueValidator(DAY)]
    )


class WorkPattern(models.Model):
    """How long somebody works on each day of the week, from a day on. Minutes."""

    user = of_the_team()
    valid_from = models.DateField(_("à partir du"))
    monday = _minutes(_("lundi"))
    tuesday = _minutes(_("mardi"))
    wednesday = _minutes(_("mercredi"))
    thursday = _minutes(_("jeudi"))
    friday = _minutes(_("vendredi"))
    saturday = _minutes(_("samedi"), 0)
    sunday = _minutes(_("dimanche"), 0)

    class Meta:
        verbose_name = _("temps de travail")
        verbose_name_plural = _("temps de travail")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "valid_from"],
                name="pattern_once_a_day",
                violation_error_message=_("Cette personne a déjà un horaire à partir de ce jour."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.valid_from:%d/%m/%Y}"

    @property
    def minutes(self) -> tuple[int, ...]:
        """Return the minutes of each day, Monday first."""
        return (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )


class Absence(models.Model):
    """Days on which somebody does not work, both included."""

    class Reason(models.TextChoices):
        LEAVE = "leave", _("Congé")
        SICK = "sick", _("Maladie")
        TRAINING = "training", _("Formation")
        OTHER = "other", _("Autre")

    user = of_the_team()
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    is_half = models.BooleanField(_("demi-journées"), default=False)
    reason = models.CharField(
        _("motif"), max_length=10, choices=Reason.choices, default=Reason.LEAVE
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="absence_ends_after_start",
                violation_error_message=_("La fin ne peut pas précéder le début."),
            )
        ]
        indexes = [models.Index(fields=["ends_on", "starts_on"], name="absence_days")]

    def __str__(self) -> str:
        return f"{self.user} · {self.starts_on:%d/%m/%Y}"


class TimeRules(models.Model):
    """How time is kept: one row, for the whole house."""

    class Step(models.IntegerChoices):
        NONE = 1, _("À la minute")
        FIVE = 5, _("Aux 5 minutes")
        SIX = 6, _("Aux 6 minutes (dixième d’heure)")
        TEN = 10, _("Aux 10 minutes")
        QUARTER = 15, _("Au quart d’heure")
        HALF = 30, _("À la demi-heure")

    step = models.PositiveSmallIntegerField(
        _("arrondi du chronomètre"), choices=Step.choices, default=Step.NONE
    )
    rounds_up = models.BooleanField(
        _("toujours au pas supérieur"),
        default=True,
        help_text=_("Décoché : au pas le plus proche."),
    )
    longest_hours = models.PositiveSmallIntegerField(
        _("chronomètre oublié après (heures)"), default=10, validators=[MaxValueValidator(24)]
    )

    class Meta:
        verbose_name = _("règles du temps")
        verbose_name_plural = _("règles du temps")

    def __str__(self) -> str:
        return str(_("Règles du temps"))


class RunningTimer(OfProject):
    """The timer of somebody of the team: one at most, running or paused."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="running_timer"
    )
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    task = models.ForeignKey(
        Task, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_billable = models.BooleanField(_("facturable"), default=True)
    began_at = models.DateTimeField(_("commencé à"))
    resumed_at = models.DateTimeField(_("repris à"), null=True, blank=True)
    kept_seconds = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("chronomètre")
        verbose_name_plural = _("chronomètres")

    def __str__(self) -> str:
        return str(self.task or self.project)

    @property
    def parent_row(self) -> Project:
        return self.project

    @property
    def is_paused(self) -> bool:
        return self.resumed_at is None

    def seconds(self, at: datetime) -> int:
        """Return how long it has run by a moment, pauses left out."""
        running = max(int((at - self.resumed_at).total_seconds()), 0) if self.resumed_at else 0
        return self.kept_seconds + running
