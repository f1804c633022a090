"""What a ticket holds: its messages, their files, what happened to it, and who read it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from portal.support.models.tickets import Ticket

MOST_CHARACTERS = 10_000


class OfTicket(models.Model):
    """A row below a ticket: it carries the client of its ticket."""

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )

    ticket: models.ForeignKey

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        self.client_id = self.ticket.client_id
        super().save(*args, **kwargs)


class TicketMessage(OfTicket):
    """A message of a ticket. Internal ones are the team's."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    visitor = models.CharField(_("visiteur par lien"), max_length=100, blank=True)
    body = models.TextField(_("message"), max_length=MOST_CHARACTERS)
    is_internal = models.BooleanField(_("note interne"), default=False)
    source = models.CharField(
        _("arrivé par"), max_length=10, choices=Ticket.Source.choices, default=Ticket.Source.PORTAL
    )
    moved_from = models.ForeignKey(
        Ticket, null=True, on_delete=models.PROTECT, related_name="+", editable=False
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

    @property
    def author_name(self) -> str:
        """Return who wrote it: an account, or the name a visitor gave."""
        if self.author is not None:
            return str(self.author)
        return self.visitor or str(_("Compte supprimé"))


class TicketAttachment(OfTicket):
    """A file joined to a message; a note's files are as internal as the note."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="attachments")
    message = models.ForeignKey(TicketMessage, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.OPEN_TICKETS, only=Q(message__is_internal=False))

    class Meta:
        verbose_name = _("fichier de ticket")
        verbose_name_plural = _("fichiers de ticket")

    def __str__(self) -> str:
        return str(self.file)


class TicketEvent(OfTicket):
    """A change of a ticket's state, with its date and who made it."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Reçu")
        TAKEN = "taken", _("Pris en charge")
        WAITING = "waiting", _("Votre réponse est attendue")
        RESUMED = "resumed", _("De nouveau entre nos mains")
        SOLVED = "solved", _("Marqué comme résolu")
        REOPENED = "reopened", _("Rouvert")
        CLOSED = "closed", _("Fermé")
        MERGED = "merged", _("Réuni à une autre demande")
        UNMERGED = "unmerged", _("De nouveau à part")
        SPLIT = "split", _("Message mis dans une autre demande")
        ASSIGNED = "assigned", _("Confié")
        PRIORITY = "priority", _("Priorité changée")
        ESCALATED = "escalated", _("Escaladé")
        LATE = "late", _("Délai dépassé")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    detail = models.CharField(_("précision"), max_length=300, blank=True)
    is_internal = models.BooleanField(default=False)
    kind = models.CharField(_("fait"), max_length=10, choices=Kind.choices)
    status = models.CharField(_("état"), max_length=10, choices=Ticket.Status.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("survenu le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.OPEN_TICKETS, only=Q(is_internal=False))

    class Meta:
        verbose_name = _("événement de ticket")
        verbose_name_plural = _("événements de ticket")
        indexes = [models.Index(fields=["ticket", "created_at"], name="event_of_ticket")]

    def __str__(self) -> str:
        return self.get_kind_display()


class TicketReading(OfTicket):
    """When a person last read a ticket, so that the list shows what is new to them."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(_("lu le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.OPEN_TICKETS)

    class Meta:
        verbose_name = _("lecture de ticket")
        verbose_name_plural = _("lectures de ticket")
        constraints = [
            models.UniqueConstraint(fields=["user", "ticket"], name="ticket_reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.ticket_id}"
