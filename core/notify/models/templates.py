"""The team’s own words for mails and texts, and what they were before."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Versioned


class MessageTemplate(Versioned):
    """Our own words for a mail or an SMS, with closed placeholders such as {{ client }}.

    Never the Django template language: a text of the team must not run code. A `wording` replaces
    the text of a mail of the product, by its name; the others are messages of ours, which rules
    and people send, and `about` says whose placeholders they may use.
    """

    class Kind(models.TextChoices):
        WORDING = "wording", _("Texte d’un e-mail du portail")
        MAIL = "mail", _("E-mail à nous")
        SMS = "sms", _("SMS à nous")

    class Language(models.TextChoices):
        FRENCH = "fr", _("Français")
        ENGLISH = "en", _("Anglais")

    kind = models.CharField(_("nature"), max_length=7, choices=Kind.choices, default=Kind.WORDING)
    name = models.CharField(_("modèle"), max_length=100)
    about = models.CharField(_("pour"), max_length=60, blank=True)
    language = models.CharField(
        _("langue"), max_length=2, choices=Language.choices, default=Language.FRENCH
    )
    subject = models.CharField(_("objet"), max_length=200, blank=True)
    body = models.TextField(_("texte"))
    is_active = models.BooleanField(_("utilisé"), default=True)

    class Meta:
        verbose_name = _("modèle de message")
        verbose_name_plural = _("modèles de message")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "language", "kind"],
                name="message_once",
                violation_error_message=_("Ce message a déjà un modèle dans cette langue."),
            ),
            models.CheckConstraint(
                condition=Q(kind="sms") | ~Q(subject=""),
                name="message_has_subject",
                violation_error_message=_("Un e-mail a un objet."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MessageVersion(models.Model):
    """What the words of a template were at one save. Never changed."""

    message = models.ForeignKey(MessageTemplate, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("objet"), max_length=200, blank=True)
    body = models.TextField(_("texte"))
    saved_at = models.DateTimeField(_("enregistrée le"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("par"),
    )

    class Meta:
        verbose_name = _("version d’un modèle")
        verbose_name_plural = _("versions de modèles")
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="message_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.message} · {self.number}"
