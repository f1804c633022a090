"""Documents that we ask of clients, one by one or by lists."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from core.models import Dated
from portal.documents.models.documents import ProjectDocument
from portal.projects.models import Project
from portal.projects.models.projects import OfProject


class DocumentRequest(OfProject):
    """A document we ask of the client, with a date; received by a deposit, or refused and asked
    again: what comes next is then a new version of the same document."""

    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        related_name="document_requests",
        verbose_name=_("projet"),
    )
    title = models.CharField(_("document attendu"), max_length=200)
    detail = models.TextField(_("précisions"), blank=True, max_length=5000)
    bundle = models.CharField(
        _("dossier"),
        max_length=120,
        blank=True,
        help_text=_("Ce que plusieurs demandes constituent, comme « Ouverture de compte »."),
    )
    due_date = models.DateField(_("pour le"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        verbose_name=_("demandé par"),
    )
    asked_at = models.DateTimeField(_("demandé le"), null=True, editable=False)
    document = models.ForeignKey(
        ProjectDocument,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        verbose_name=_("document reçu"),
    )
    fulfilled_at = models.DateTimeField(_("reçu le"), null=True, blank=True, editable=False)
    refusal = models.TextField(_("motif du refus"), blank=True, max_length=2000, editable=False)
    reminders = models.PositiveSmallIntegerField(_("rappels"), default=0, editable=False)
    reminded_at = models.DateTimeField(_("dernier rappel"), null=True, editable=False)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="project_id")

    class Meta:
        verbose_name = _("demande de document")
        verbose_name_plural = _("demandes de document")
        indexes = [
            models.Index(
                fields=["client", "due_date"],
                name="document_awaited",
                condition=Q(fulfilled_at=None),
            ),
            models.Index(
                fields=["due_date"], name="document_overdue", condition=Q(fulfilled_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def parent_row(self) -> Project:
        return self.project

    @property
    def is_received(self) -> bool:
        return self.fulfilled_at is not None

    def is_late(self, today: date) -> bool:
        """Tell whether it is still awaited after its day."""
        return not self.is_received and self.due_date is not None and self.due_date < today


class RequestChecklist(Dated):
    """Documents that are often asked together, kept to be asked again of another client."""

    name = models.CharField(_("nom"), max_length=120, unique=True)
    lines = models.TextField(
        _("documents demandés"),
        max_length=10_000,
        help_text=_("Un par ligne ; après « : », des précisions que le client lira."),
    )
    days = models.PositiveSmallIntegerField(
        _("délai (jours)"), default=14, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )

    class Meta:
        verbose_name = _("liste de documents")
        verbose_name_plural = _("listes de documents")

    def __str__(self) -> str:
        return self.name
