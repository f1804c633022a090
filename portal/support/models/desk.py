"""What the team keeps beside tickets: ready replies, drafts, who follows, time, articles."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from core.models import Dated
from core.search import search_text
from portal.support.canned import unknown_names
from portal.support.models.messages import MOST_CHARACTERS, OfTicket
from portal.support.models.tickets import Ticket

OURS_ALONE = Scope(grant=Grant.OPEN_TICKETS, only=Q(pk=None))
MOST_MINUTES = 24 * 60


class CannedReply(Dated):
    """An answer ready to send, with blanks that the ticket fills. Without an owner, everybody's."""

    class Language(models.TextChoices):
        FRENCH = "fr", _("Français")
        ENGLISH = "en", _("Anglais")

    title = models.CharField(_("titre"), max_length=100)
    language = models.CharField(
        _("langue"), max_length=2, choices=Language.choices, default=Language.FRENCH
    )
    body = models.TextField(
        _("texte"),
        max_length=MOST_CHARACTERS,
        help_text=_("Se remplissent seuls : {client}, {contact}, {numero}, {sujet}, {agent}."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("réservée à"),
    )
    used = models.PositiveIntegerField(_("insérée"), default=0, editable=False)
    search_norm = models.TextField(editable=False, default="")

    class Meta:
        verbose_name = _("réponse type")
        verbose_name_plural = _("réponses types")

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.search_norm = search_text(self.title, self.body)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if strange := unknown_names(self.body):
            text = _("Blanc inconnu : %(names)s.")
            raise ValidationError({"body": text % {"names": ", ".join(strange)}})


class TicketDraft(OfTicket):
    """What somebody of the team is writing on a ticket, kept until it leaves."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    body = models.TextField(blank=True, max_length=MOST_CHARACTERS)
    is_internal = models.BooleanField(default=False)
    touched_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("brouillon de réponse")
        verbose_name_plural = _("brouillons de réponse")
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="draft_once")]

    def __str__(self) -> str:
        return self.body[:60]


class TicketWatcher(OfTicket):
    """Somebody of the team who is told of what happens on a ticket, besides its assignee."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="watchers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("abonné à un ticket")
        verbose_name_plural = _("abonnés à un ticket")
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="watcher_once")]

    def __str__(self) -> str:
        return str(self.user)


class TicketTime(OfTicket):
    """Time spent on a ticket; on a project, `entry` is the same time in its books."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="times")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)]
    )
    spent_on = models.DateField(_("jour"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    entry = models.OneToOneField(
        "projects.TimeEntry", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("temps sur un ticket")
        verbose_name_plural = _("temps sur les tickets")

    def __str__(self) -> str:
        return f"{self.minutes} min"


class TicketArticle(OfTicket):
    """An article of the knowledge base that answers a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="articles")
    article = models.ForeignKey("knowledge.Article", on_delete=models.CASCADE, related_name="+")

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("article joint à un ticket")
        verbose_name_plural = _("articles joints aux tickets")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "article"], name="ticket_article_once")
        ]

    def __str__(self) -> str:
        return str(self.article)
