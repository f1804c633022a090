"""Tickets: what a client asks, from opening to closing."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import ClientOwned, Scope, ScopedQuerySet
from core.models import Dated, Versioned
from portal.support.models.delays import SlaPolicy

REOPENED_WITHIN = timedelta(days=30)  # after that, a new request that names the old one
RATING_CHANGES_WITHIN = timedelta(days=7)


class TicketCounter(models.Model):
    """The last ticket number given. One row, locked while a number is taken."""

    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("compteur de tickets")
        verbose_name_plural = _("compteurs de tickets")

    def __str__(self) -> str:
        return str(self.last)


class Ticket(Dated, Versioned, ClientOwned):
    """A request of a client, from opening to closing."""

    class Status(models.TextChoices):
        OPEN = "open", _("Nouveau")
        TAKEN = "taken", _("Pris en charge")
        WAITING = "waiting", _("Nous attendons votre réponse")
        SOLVED = "solved", _("Résolu")
        CLOSED = "closed", _("Fermé")

    class Priority(models.IntegerChoices):
        LOW = 1, _("Basse")
        NORMAL = 2, _("Normale")
        HIGH = 3, _("Haute")

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        INCIDENT = "incident", _("Incident")
        REQUEST = "request", _("Demande")

    number = models.CharField(_("numéro"), max_length=20, unique=True, editable=False)
    project = models.ForeignKey(
        "projects.Project",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tickets",
        verbose_name=_("projet"),
    )
    follows = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="followers",
        verbose_name=_("suite de"),
    )
    kind = models.CharField(_("type"), max_length=10, choices=Kind.choices, default=Kind.QUESTION)
    subject = models.CharField(_("sujet"), max_length=200)
    status = models.CharField(_("état"), max_length=10, choices=Status.choices, default=Status.OPEN)
    priority = models.PositiveSmallIntegerField(
        _("priorité"), choices=Priority.choices, default=Priority.NORMAL
    )
    sla = models.ForeignKey(
        SlaPolicy,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("délai de service"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"is_staff": True},
        verbose_name=_("suivi par"),
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("ouvert par"),
    )
    answered_at = models.DateTimeField(_("première réponse"), null=True, editable=False)
    answer_due_at = models.DateTimeField(_("réponse promise"), null=True, editable=False)
    solution_due_at = models.DateTimeField(_("résolution promise"), null=True, editable=False)
    reminded_at = models.DateTimeField(_("rappel envoyé"), null=True, editable=False)
    solved_at = models.DateTimeField(_("résolu le"), null=True, editable=False)
    closed_at = models.DateTimeField(_("fermé le"), null=True, editable=False)
    rating = models.PositiveSmallIntegerField(
        _("satisfaction"),
        null=True,
        editable=False,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    rating_comment = models.TextField(_("commentaire"), blank=True, editable=False)
    rated_at = models.DateTimeField(_("noté le"), null=True, editable=False)
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("noté par"),
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.OPEN_TICKETS)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(fields=["client", "-updated_at"], name="ticket_of_client"),
            models.Index(fields=["status", "-priority", "id"], name="ticket_queue"),
            models.Index(fields=["-updated_at", "-id"], name="ticket_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(1, 5)), name="ticket_rating_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.subject}"

    @property
    def is_over(self) -> bool:
        return self.status in (self.Status.SOLVED, self.Status.CLOSED)

    def may_reopen(self, at: datetime) -> bool:
        """Tell whether the client may still open it again, instead of writing a new one."""
        if self.status != self.Status.SOLVED:
            return False
        return self.solved_at is None or at - self.solved_at <= REOPENED_WITHIN

    def may_rate(self, at: datetime) -> bool:
        """Tell whether the client may say how it went, or change what they said."""
        if not self.is_over:
            return False
        return self.rated_at is None or at - self.rated_at <= RATING_CHANGES_WITHIN
