"""A project, its milestones and deliverables, and the people of the team on it."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from core.access.roles import PROJECT_GRANT, Grant
from core.access.scope import ClientOwned, Scope, ScopedQuerySet
from core.models import Dated, Versioned
from core.search import folded

# A cluster of locale C takes every sign that is not ASCII for a letter: they part words here.
SIGNS = "’‘“”«»–—…·/\u00a0\u202f"
WORDS = SearchVector(
    Func(
        folded("title"),
        Value(SIGNS),
        Value(" " * len(SIGNS)),
        function="translate",
        output_field=models.TextField(),
    ),
    config="simple",
)


class Project(Dated, Versioned, ClientOwned, ClusterableModel):
    """A piece of work for a client, from the first workshop to delivery."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("À venir")
        ACTIVE = "active", _("En cours")
        PAUSED = "paused", _("En pause")
        DELIVERED = "delivered", _("Livré")
        ARCHIVED = "archived", _("Archivé")

    class Reporting(models.TextChoices):
        """What becomes of the progress report of a week."""

        APPROVAL = "approval", _("Après relecture")
        AUTO = "auto", _("Automatique, le vendredi")
        NONE = "none", _("Aucun")

    title = models.CharField(_("titre"), max_length=300)
    summary = models.TextField(_("description"), blank=True)
    status = models.CharField(
        _("statut"), max_length=10, choices=Status.choices, default=Status.ACTIVE
    )
    progress = models.PositiveSmallIntegerField(
        _("avancement (%)"), default=0, validators=[MaxValueValidator(100)]
    )
    start_date = models.DateField(_("début"), null=True, blank=True)
    due_date = models.DateField(_("livraison prévue"), null=True, blank=True)
    budget = models.BigIntegerField(_("budget"), null=True, blank=True)
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    budget_hours = models.PositiveIntegerField(
        _("budget en heures"), null=True, blank=True, validators=[MaxValueValidator(100_000)]
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"is_staff": True},
        verbose_name=_("chef de projet"),
    )
    reporting = models.CharField(
        _("rapport d’avancement"),
        max_length=10,
        choices=Reporting.choices,
        default=Reporting.APPROVAL,
        help_text=_("Préparé chaque vendredi, puis envoyé aux personnes qui suivent le projet."),
    )
    delivered_at = models.DateTimeField(_("livré le"), null=True, blank=True, editable=False)
    told_status = models.CharField(max_length=10, blank=True, editable=False)
    clients_may_upload = models.BooleanField(_("dépôt de fichiers par le client"), default=False)
    search_vector = models.GeneratedField(
        expression=WORDS,
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="id")

    class Meta:
        verbose_name = _("projet")
        verbose_name_plural = _("projets")
        permissions = [(PROJECT_GRANT, _("Suivre ce projet"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=100), name="project_progress_percent"
            ),
            models.CheckConstraint(
                condition=Q(due_date=None) | Q(start_date=None) | Q(due_date__gte=F("start_date")),
                name="project_ends_after_start",
                violation_error_message=_("La livraison ne peut pas précéder le début."),
            ),
        ]
        indexes = [
            models.Index(fields=["client", "status", "due_date"], name="project_of_client"),
            models.Index(fields=["status", "due_date", "id"], name="project_by_status"),
            models.Index(fields=["due_date", "id"], name="project_due"),
            GinIndex(fields=["search_vector"], name="project_words"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        if self._state.adding:  # what a new row says is no change to tell of
            self.told_status = self.status
        super().save(*args, **kwargs)

    @property
    def is_archived(self) -> bool:
        """Tell whether the work is over: delivered, or put away."""
        return self.status in (self.Status.DELIVERED, self.Status.ARCHIVED)


class ProjectUserGrant(UserObjectPermissionBase):
    """A project opened to one member: guardian's table, with a real foreign key."""

    content_object = models.ForeignKey(Project, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("droit sur un projet")
        verbose_name_plural = _("droits sur les projets")


class OfProject(models.Model):
    """A row under a project: it carries the client of the project."""

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        self.client_id = self.parent_row.client_id
        super().save(*args, **kwargs)


class ProjectMember(OfProject):
    """Somebody of the team on a project, shown to the client or not."""

    project = ParentalKey(Project, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        limit_choices_to={"is_staff": True},
        verbose_name=_("personne"),
    )
    part = models.CharField(_("rôle dans le projet"), max_length=120, blank=True)
    is_visible = models.BooleanField(_("montré au client"), default=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="project_id", only=Q(is_visible=True))

    class Meta:
        verbose_name = _("membre de l’équipe")
        verbose_name_plural = _("équipe")
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="team_once")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def parent_row(self) -> Project:
        return self.project


class Milestone(OfProject, ClusterableModel):
    """A step of the roadmap, with a date and what it delivers."""

    class Status(models.TextChoices):
        UPCOMING = "upcoming", _("À venir")
        ACTIVE = "active", _("En cours")
        REVIEW = "review", _("À valider")
        DONE = "done", _("Terminé")

    project = ParentalKey(
        Project, on_delete=models.CASCADE, related_name="milestones", verbose_name=_("projet")
    )
    title = models.CharField(_("titre"), max_length=200)
    summary = models.TextField(_("description"), blank=True)
    release = models.CharField(_("version"), max_length=30, blank=True)
    status = models.CharField(
        _("statut"), max_length=10, choices=Status.choices, default=Status.UPCOMING
    )
    start_date = models.DateField(_("début"), null=True, blank=True)
    due_date = models.DateField(_("échéance"), null=True, blank=True)
    done_at = models.DateTimeField(_("terminé le"), null=True, blank=True, editable=False)
    sort_order = models.IntegerField(default=0, editable=False)
    told_status = models.CharField(max_length=10, blank=True, editable=False)
    search_vector = models.GeneratedField(
        expression=WORDS,
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="project_id")
    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("jalon")
        verbose_name_plural = _("jalons")
        indexes = [
            models.Index(fields=["project", "sort_order"], name="milestone_order"),
            models.Index(
                fields=["due_date", "id"], name="milestone_open", condition=~Q(status="done")
            ),
            GinIndex(fields=["search_vector"], name="milestone_words"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        if self._state.adding:
            self.told_status = self.status
        super().save(*args, **kwargs)

    def is_late(self, today: date) -> bool:
        """Tell whether its date has passed while it is not done."""
        return self.due_date is not None and self.due_date < today and self.status != "done"

    @property
    def parent_row(self) -> Project:
        return self.project


class Deliverable(OfProject):
    """What a milestone hands over, approved by the client or not yet."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Prévu")
        SUBMITTED = "submitted", _("À valider")
        APPROVED = "approved", _("Validé")
        REFUSED = "refused", _("Refusé")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="deliverables", verbose_name=_("projet")
    )
    milestone = models.ForeignKey(
        Milestone,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="deliverables",
        verbose_name=_("jalon"),
    )
    title = models.CharField(_("titre"), max_length=200)
    summary = models.TextField(_("description"), blank=True)
    status = models.CharField(
        _("statut"), max_length=10, choices=Status.choices, default=Status.PLANNED, editable=False
    )
    round = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    submitted_at = models.DateTimeField(_("remis le"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("décidé par"),
        editable=False,
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True, editable=False)
    comment = models.TextField(_("commentaire"), blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="project_id")

    class Meta:
        verbose_name = _("livrable")
        verbose_name_plural = _("livrables")
        indexes = [models.Index(fields=["project", "status"], name="deliverable_of_project")]

    def __str__(self) -> str:
        return self.title

    @property
    def parent_row(self) -> Project:
        return self.project
