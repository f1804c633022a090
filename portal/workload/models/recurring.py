"""Tasks that come back: the rule, and what it made."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.access.scope import ScopedQuerySet
from core.models import Dated, Versioned
from portal.projects.models import Project, Task
from portal.projects.models.projects import OfProject
from portal.workload.models.time import OURS_ALONE, of_the_team


class RecurringTask(Dated, Versioned, OfProject):
    """A task that the system makes again and again, in a project."""

    class Unit(models.TextChoices):
        DAYS = "days", _("jours")
        WEEKS = "weeks", _("semaines")
        MONTHS = "months", _("mois")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="+", verbose_name=_("projet")
    )
    title = models.CharField(_("titre"), max_length=300)
    body = models.TextField(_("description"), blank=True)
    assignee = of_the_team(
        null=True, blank=True, on_delete=models.SET_NULL, verbose_name=_("assignée à")
    )
    priority = models.PositiveSmallIntegerField(
        _("priorité"), choices=Task.Priority.choices, default=Task.Priority.NORMAL
    )
    estimate = models.PositiveIntegerField(_("charge prévue (minutes)"), default=0)
    is_shared = models.BooleanField(_("visible par le client"), default=False)
    every = models.PositiveSmallIntegerField(
        _("tous les"), default=1, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    unit = models.CharField(_("unité"), max_length=6, choices=Unit.choices, default=Unit.WEEKS)
    on_monday = models.BooleanField(_("lundi"), default=False)
    on_tuesday = models.BooleanField(_("mardi"), default=False)
    on_wednesday = models.BooleanField(_("mercredi"), default=False)
    on_thursday = models.BooleanField(_("jeudi"), default=False)
    on_friday = models.BooleanField(_("vendredi"), default=False)
    on_saturday = models.BooleanField(_("samedi"), default=False)
    on_sunday = models.BooleanField(_("dimanche"), default=False)
    starts_on = models.DateField(_("première fois"))
    ends_on = models.DateField(_("dernière fois"), null=True, blank=True)
    due_after = models.PositiveSmallIntegerField(
        _("échéance après (jours)"), default=0, validators=[MaxValueValidator(366)]
    )
    skips_days_off = models.BooleanField(
        _("reporter au prochain jour ouvré"),
        default=True,
        help_text=_("Quand le jour tombe un jour chômé ou un week-end."),
    )
    paused_at = models.DateTimeField(_("en pause depuis"), null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("tâche récurrente")
        verbose_name_plural = _("tâches récurrentes")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="recurring_task_ends_after_start",
                violation_error_message=_("La dernière fois ne peut pas précéder la première."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def parent_row(self) -> Project:
        return self.project

    @property
    def weekdays(self) -> frozenset[int]:
        """Return the days of the week that were ticked, Monday being 0."""
        ticks = (
            self.on_monday,
            self.on_tuesday,
            self.on_wednesday,
            self.on_thursday,
            self.on_friday,
            self.on_saturday,
            self.on_sunday,
        )
        return frozenset(day for day, is_on in enumerate(ticks) if is_on)


class RecurringTaskRun(OfProject):
    """One time of a rule: the task that was made, or that it was passed over."""

    rule = models.ForeignKey(RecurringTask, on_delete=models.CASCADE, related_name="runs")
    on = models.DateField(_("jour"))
    task = models.ForeignKey(
        Task, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_skipped = models.BooleanField(_("passée"), default=False)
    made_at = models.DateTimeField(_("le"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("passage d’une tâche récurrente")
        verbose_name_plural = _("passages de tâches récurrentes")
        constraints = [
            models.UniqueConstraint(fields=["rule", "on"], name="recurring_task_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.rule} · {self.on:%d/%m/%Y}"

    @property
    def parent_row(self) -> RecurringTask:
        return self.rule
