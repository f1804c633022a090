"""Beside a project: what may go wrong, what we tell of each week, and how many run at once."""

from datetime import date

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from core.models import Dated, Versioned
from portal.projects.models import Project
from portal.projects.models.projects import OfProject

NEVER_SHOWN = Scope(grant=Grant.VIEW_PROJECTS, project="project_id", only=Q(pk=None))
SERIOUS = 6  # of 9: probability × impact from which a risk puts its project at risk
LONGEST_PART = 5000  # letters of a part of a report


class StatusLimit(models.Model):
    """How many projects the team wants in a status at most; the board says when it has more."""

    status = models.CharField(
        _("statut"), max_length=10, choices=Project.Status.choices, unique=True
    )
    limit = models.PositiveSmallIntegerField(
        _("projets au plus"), validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = _("limite de projets")
        verbose_name_plural = _("limites de projets")

    def __str__(self) -> str:
        return f"{self.get_status_display()} : {self.limit}"


class Risk(Dated, Versioned, OfProject):
    """Something that may go wrong: how likely, how bad, who watches it and what is done."""

    class Level(models.IntegerChoices):
        LOW = 1, _("Faible")
        MEDIUM = 2, _("Moyenne")
        HIGH = 3, _("Forte")

    class Status(models.TextChoices):
        OPEN = "open", _("Ouvert")
        HAPPENED = "happened", _("Survenu")
        CLOSED = "closed", _("Écarté")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="risks", verbose_name=_("projet")
    )
    title = models.CharField(_("risque"), max_length=200)
    probability = models.PositiveSmallIntegerField(
        _("probabilité"), choices=Level.choices, default=Level.MEDIUM
    )
    impact = models.PositiveSmallIntegerField(
        _("gravité"), choices=Level.choices, default=Level.MEDIUM
    )
    score = models.GeneratedField(
        expression=F("probability") * F("impact"),
        output_field=models.PositiveSmallIntegerField(_("criticité")),
        db_persist=True,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"is_staff": True},
        verbose_name=_("suivi par"),
    )
    mitigation = models.TextField(_("parade"), blank=True, max_length=LONGEST_PART)
    review_on = models.DateField(_("à revoir le"), null=True, blank=True)
    status = models.CharField(
        _("statut"), max_length=10, choices=Status.choices, default=Status.OPEN
    )
    is_told = models.BooleanField(
        _("dit au client"),
        default=False,
        help_text=_("Figure dans les points d’attention du rapport d’avancement."),
    )

    objects = ScopedQuerySet.as_manager()
    scope = NEVER_SHOWN

    class Meta:
        verbose_name = _("risque")
        verbose_name_plural = _("risques")
        indexes = [
            models.Index(fields=["project", "status", "-score"], name="risk_of_project"),
            models.Index(fields=["review_on", "id"], name="risk_review"),
            models.Index(fields=["-score", "id"], name="risk_score"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def parent_row(self) -> Project:
        return self.project

    def is_to_review(self, today: date) -> bool:
        """Tell whether its day of review has come while it is open."""
        return (
            self.status == self.Status.OPEN
            and self.review_on is not None
            and self.review_on <= today
        )


class ProgressReport(Dated, Versioned, OfProject):
    """What we tell a client of one week of a project: one at most for a project and an ISO week."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("À relire")
        APPROVED = "approved", _("Envoi en cours")
        SENT = "sent", _("Envoyé")
        DROPPED = "dropped", _("Non envoyé")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="reports", verbose_name=_("projet")
    )
    year = models.PositiveSmallIntegerField(_("année"))
    week = models.PositiveSmallIntegerField(_("semaine"))
    status = models.CharField(
        _("statut"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    message = models.TextField(_("mot d’introduction"), blank=True, max_length=LONGEST_PART)
    done = models.TextField(_("fait cette semaine"), blank=True, max_length=LONGEST_PART)
    coming = models.TextField(_("la suite"), blank=True, max_length=LONGEST_PART)
    risks = models.TextField(_("points d’attention"), blank=True, max_length=LONGEST_PART)
    progress = models.PositiveSmallIntegerField(_("avancement (%)"), default=0, editable=False)
    minutes = models.PositiveIntegerField(_("temps passé (minutes)"), default=0, editable=False)
    tells_hours = models.BooleanField(
        _("dire les heures passées"), default=False, help_text=_("Le temps de la semaine, en tout.")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        verbose_name=_("relu par"),
    )
    approved_at = models.DateTimeField(_("relu le"), null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True, editable=False)
    document = models.ForeignKey(
        "documents.ProjectDocument",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        verbose_name=_("copie"),
    )

    objects = ScopedQuerySet.as_manager()
    scope = NEVER_SHOWN

    class Meta:
        verbose_name = _("rapport d’avancement")
        verbose_name_plural = _("rapports d’avancement")
        constraints = [
            models.UniqueConstraint(fields=["project", "year", "week"], name="report_once_a_week"),
            models.CheckConstraint(
                condition=Q(week__gte=1, week__lte=53), name="report_week_of_year"
            ),
        ]
        indexes = [models.Index(fields=["status", "-year", "-week", "id"], name="report_by_state")]

    def __str__(self) -> str:
        return f"{self.project} · S{self.week:02} {self.year}"

    @property
    def parent_row(self) -> Project:
        return self.project

    @property
    def is_locked(self) -> bool:
        """Tell whether it has left, or will not: it stays as it is."""
        return self.status != self.Status.DRAFT

    @property
    def monday(self) -> date:
        """Return the first day of its week."""
        return date.fromisocalendar(self.year, self.week, 1)
