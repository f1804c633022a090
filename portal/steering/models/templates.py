"""A kind of project that comes back: its steps, tasks and what is asked of the client."""

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from core.models import Dated, Versioned
from portal.projects.models import Task

LAST_DAY = 2000  # working days: some eight years


def day_field(label: Any, **options: Any) -> models.PositiveSmallIntegerField:
    """Return a field of a day counted in working days from the first day of a project."""
    return models.PositiveSmallIntegerField(
        label, validators=[MaxValueValidator(LAST_DAY)], **options
    )


class ProjectTemplate(Dated, Versioned, ClusterableModel):
    """A project to start from. What is made from it is a copy: changing one leaves the other.

    Days are working days counted from the first day of the project, which is day 0.
    """

    name = models.CharField(_("nom du modèle"), max_length=120, unique=True)
    summary = models.TextField(_("description"), blank=True)
    budget = models.BigIntegerField(_("budget"), null=True, blank=True)
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    budget_hours = models.PositiveIntegerField(_("budget en heures"), null=True, blank=True)
    is_active = models.BooleanField(_("proposé"), default=True)

    class Meta:
        verbose_name = _("modèle de projet")
        verbose_name_plural = _("modèles de projet")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def length(self) -> int:
        """Return the last day of its milestones, in working days; load `milestones` before."""
        return max((row.end_day for row in self.milestones.all()), default=0)


class TemplateMilestone(models.Model):
    """A step of a template, and what it hands over."""

    template = ParentalKey(ProjectTemplate, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("titre"), max_length=200)
    summary = models.TextField(_("description"), blank=True)
    release = models.CharField(_("version"), max_length=30, blank=True)
    start_day = day_field(_("commence au jour"), default=0)
    end_day = day_field(_("se termine au jour"), default=5)
    deliverables = models.TextField(
        _("livrables"), blank=True, help_text=_("Un par ligne."), max_length=3000
    )
    sort_order = models.IntegerField(default=0, editable=False)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("jalon de modèle")
        verbose_name_plural = _("jalons de modèle")
        ordering = ["sort_order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_day__gte=models.F("start_day")),
                name="template_milestone_ends_after_start",
                violation_error_message=_("La fin d’un jalon ne peut pas précéder son début."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class TemplateTask(models.Model):
    """A task of a template, with its steps to tick."""

    template = ParentalKey(ProjectTemplate, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(_("titre"), max_length=300)
    body = models.TextField(_("description"), blank=True)
    milestone = models.CharField(
        _("jalon"),
        max_length=200,
        blank=True,
        help_text=_("Le titre d’un jalon du modèle, ou rien."),
    )
    due_day = day_field(_("à faire au jour"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priorité"), choices=Task.Priority.choices, default=Task.Priority.NORMAL
    )
    is_shared = models.BooleanField(_("visible par le client"), default=True)
    checklist = models.TextField(
        _("points à cocher"), blank=True, help_text=_("Un par ligne."), max_length=5000
    )
    sort_order = models.IntegerField(default=0, editable=False)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("tâche de modèle")
        verbose_name_plural = _("tâches de modèle")
        ordering = ["sort_order", "id"]

    def __str__(self) -> str:
        return self.title


class TemplateRequest(models.Model):
    """A document that the client is asked for once the project starts."""

    template = ParentalKey(ProjectTemplate, on_delete=models.CASCADE, related_name="requests")
    title = models.CharField(_("document attendu"), max_length=200)
    detail = models.TextField(_("précisions"), blank=True, max_length=5000)
    due_day = day_field(_("attendu au jour"), default=5)
    sort_order = models.IntegerField(default=0, editable=False)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("document demandé par un modèle")
        verbose_name_plural = _("documents demandés par un modèle")
        ordering = ["sort_order", "id"]

    def __str__(self) -> str:
        return self.title
