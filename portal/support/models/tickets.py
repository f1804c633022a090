"""Tickets: what a client asks, from opening to closing."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import ClientOwned, Scope, ScopedQuerySet
from core.models import Dated, Versioned
from core.search import search_text
from portal.support import words
from portal.support.models.delays import SlaPolicy

REOPENED_WITHIN = timedelta(days=30)  # after that, a new request that names the old one
RATING_CHANGES_WITHIN = timedelta(days=7)
IS_OPEN = Q(status__in=("open", "taken", "waiting"))


class TicketCounter(models.Model):
    """The last ticket number given. One row, locked while a number is taken."""

    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("compteur de tickets")
        verbose_name_plural = _("compteurs de tickets")

    def __str__(self) -> str:
        return str(self.last)


class TicketQuerySet(ScopedQuerySet):
    """Requests by where their delays stand: all of it read from indexed columns."""

    def open(self) -> Self:
        """Keep what is not over."""
        return self.filter(IS_OPEN)

    def late(self, at: datetime) -> Self:
        """Keep those of which a promise that still runs has passed."""
        return self.open().filter(next_due_at__lt=at)

    def at_risk(self, at: datetime) -> Self:
        """Keep those whose next promise is near, and not passed."""
        return self.open().filter(warn_at__lte=at, next_due_at__gte=at)

    def on_time(self, at: datetime) -> Self:
        """Keep those that still have most of their delay."""
        return self.open().filter(warn_at__gt=at)


class Ticket(Dated, Versioned, ClientOwned):
    """A request of a client, from opening to closing."""

    class Status(models.TextChoices):
        OPEN = "open", _("Nouveau")
        TAKEN = "taken", _("Pris en charge")
        WAITING = "waiting", _("Nous attendons votre réponse")
        SOLVED = "solved", _("Résolu")
        CLOSED = "closed", _("Fermé")

    Priority, Kind, Source, Resolution = words.Priority, words.Kind, words.Source, words.Resolution

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
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged",
        verbose_name=_("réuni à"),
    )
    merged_at = models.DateTimeField(_("réuni le"), null=True, editable=False)
    source = models.CharField(
        _("arrivé par"),
        max_length=10,
        choices=Source.choices,
        default=Source.PORTAL,
        editable=False,
    )
    contact_name = models.CharField(_("écrit par"), max_length=100, blank=True, editable=False)
    contact_email = models.EmailField(_("adresse de retour"), blank=True, editable=False)
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
    # The two clocks: when each began, when it ends; while paused, the ends stay as they were.
    answer_from = models.DateTimeField(null=True, editable=False)
    solution_from = models.DateTimeField(null=True, editable=False)
    answer_due_at = models.DateTimeField(_("réponse promise"), null=True, editable=False)
    solution_due_at = models.DateTimeField(_("résolution promise"), null=True, editable=False)
    paused_at = models.DateTimeField(_("délais suspendus le"), null=True, editable=False)
    # What the queue filters and sorts on: the first end of a clock that runs, and its warning.
    next_due_at = models.DateTimeField(_("prochaine échéance"), null=True, editable=False)
    warn_at = models.DateTimeField(null=True, editable=False)
    check_at = models.DateTimeField(null=True, editable=False)  # when the watch has work here
    told = models.PositiveSmallIntegerField(default=0, editable=False)  # bits of delays.Told
    level = models.PositiveSmallIntegerField(_("niveau d’escalade"), default=0, editable=False)
    escalated_at = models.DateTimeField(_("escaladé le"), null=True, editable=False)
    resolution = models.CharField(
        _("issue"), max_length=10, choices=Resolution.choices, blank=True, editable=False
    )
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

    corrective_task = models.ForeignKey(
        "projects.Task",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("action corrective"),
    )
    search_norm = models.TextField(editable=False, default="")
    search_vector = models.GeneratedField(
        expression=SearchVector("search_norm", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TicketQuerySet.as_manager()
    scope = Scope(grant=Grant.OPEN_TICKETS)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(fields=["client", "-updated_at"], name="ticket_of_client"),
            models.Index(fields=["status", "-priority", "id"], name="ticket_queue"),
            models.Index(fields=["-updated_at", "-id"], name="ticket_newest"),
            models.Index(fields=["created_at", "id"], name="ticket_by_age"),
            models.Index(fields=["solved_at"], name="ticket_by_end"),
            models.Index(fields=["rated_at"], name="ticket_rated", condition=~Q(rating=None)),
            models.Index(fields=["next_due_at", "-priority", "id"], name="ticket_urgent"),
            models.Index(
                fields=["next_due_at", "-priority", "id"], name="ticket_open", condition=IS_OPEN
            ),
            models.Index(
                fields=["assignee", "next_due_at", "-priority", "id"],
                name="ticket_of_person",
                condition=IS_OPEN,
            ),
            models.Index(
                fields=["check_at"], name="ticket_watch", condition=Q(check_at__isnull=False)
            ),
            GinIndex(fields=["search_vector"], name="ticket_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(1, 5)), name="ticket_rating_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_norm = search_text(self.number, self.subject)
        fields = kwargs.get("update_fields")
        if fields is not None and "subject" in fields:
            kwargs["update_fields"] = {*fields, "search_norm"}
        super().save(*args, **kwargs)

    @property
    def is_over(self) -> bool:
        return self.status in (self.Status.SOLVED, self.Status.CLOSED)

    def may_reopen(self, at: datetime) -> bool:
        """Tell whether the client may still open it again, instead of writing a new one."""
        if self.status != self.Status.SOLVED or self.merged_into_id is not None:
            return False
        return self.solved_at is None or at - self.solved_at <= REOPENED_WITHIN

    def may_rate(self, at: datetime) -> bool:
        """Tell whether the client may say how it went, or change what they said."""
        if not self.is_over or self.merged_into_id is not None:
            return False
        return self.rated_at is None or at - self.rated_at <= RATING_CHANGES_WITHIN
