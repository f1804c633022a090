"""Tickets: what a client asks, what we answer, within what delay."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import ClientOwned, Scope, ScopedQuerySet
from core.models import Dated, Versioned


class BusinessCalendar(models.Model):
    """Our working hours, on which delays run. Days are 1 (Monday) to 7."""

    name = models.CharField(_("nom"), max_length=60, unique=True)
    opens_at = models.TimeField(_("ouverture"), default=time(8))
    closes_at = models.TimeField(_("fermeture"), default=time(18))
    weekdays = models.CharField(
        _("jours ouvrés"), max_length=7, default="12345", help_text=_("12345 : lundi à vendredi.")
    )

    class Meta:
        verbose_name = _("calendrier ouvré")
        verbose_name_plural = _("calendriers ouvrés")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="calendar_opens_before_closing",
                violation_error_message=_("La fermeture suit l’ouverture."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SlaPolicy(models.Model):
    """The delays we promise for a kind of request, in working hours."""

    name = models.CharField(_("nom"), max_length=60, unique=True)
    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.PROTECT, related_name="+", verbose_name=_("calendrier")
    )
    first_answer_hours = models.PositiveSmallIntegerField(_("première réponse (h)"), default=4)
    solution_hours = models.PositiveSmallIntegerField(_("résolution (h)"), default=16)

    class Meta:
        verbose_name = _("délai de service")
        verbose_name_plural = _("délais de service")

    def __str__(self) -> str:
        return self.name


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
        OPEN = "open", _("Ouvert")
        TAKEN = "taken", _("Pris en charge")
        WAITING = "waiting", _("Nous attendons votre réponse")
        SOLVED = "solved", _("Résolu")
        CLOSED = "closed", _("Fermé")

    class Priority(models.IntegerChoices):
        LOW = 1, _("Basse")
        NORMAL = 2, _("Normale")
        HIGH = 3, _("Haute")

    number = models.CharField(_("numéro"), max_length=20, unique=True, editable=False)
    project = models.ForeignKey(
        "projects.Project",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tickets",
        verbose_name=_("projet"),
    )
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

    def __str__(self) -> str:
        return f"{self.number} · {self.subject}"

    @property
    def is_over(self) -> bool:
        return self.status in (self.Status.SOLVED, self.Status.CLOSED)


class TicketMessage(models.Model):
    """A message of a ticket. Internal ones are the team's."""

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = models.TextField(_("message"), max_length=10_000)
    is_internal = models.BooleanField(_("note interne"), default=False)
    file = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("écrit le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.OPEN_TICKETS, only=Q(is_internal=False))

    class Meta:
        verbose_name = _("message de ticket")
        verbose_name_plural = _("messages de ticket")
        indexes = [models.Index(fields=["ticket", "created_at"], name="message_of_ticket")]

    def __str__(self) -> str:
        return self.body[:60]

    def save(self, *args, **kwargs) -> None:
        self.client_id = self.ticket.client_id
        super().save(*args, **kwargs)
