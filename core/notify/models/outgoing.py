"""What leaves: mail, and short texts to telephones."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """A mail as it leaves, and what became of it. Only the team reads this table."""

    class State(models.TextChoices):
        OWED = "owed", _("À envoyer")
        SENT = "sent", _("Envoyé")
        FAILED = "failed", _("Échec")
        VOID = "void", _("Retenu")

    key = models.CharField(_("clé"), max_length=200, unique=True)
    template = models.CharField(_("modèle"), max_length=100)
    client = models.ForeignKey(
        settings.ACCESS_ROOT,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("client"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("personne"),
    )
    event = models.CharField(_("événement"), max_length=60, blank=True)
    waits = models.BooleanField(_("attend la fin des heures calmes"), default=False)
    recipients = models.JSONField(_("destinataires"), default=list)
    subject = models.CharField(_("objet"), max_length=300)
    text = models.TextField(_("texte"))
    html = models.TextField("HTML", blank=True)
    attachment_ids = models.JSONField(_("pièces jointes"), default=list)
    reply_to = models.CharField(_("réponses à"), max_length=200, blank=True)
    message_id = models.CharField("Message-ID", max_length=200, blank=True, editable=False)
    state = models.CharField(_("état"), max_length=6, choices=State.choices, default=State.OWED)
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)
    last_error = models.TextField(_("dernière erreur"), blank=True)
    created_at = models.DateTimeField(_("dû depuis"), auto_now_add=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("revenu le"), null=True, blank=True)
    bounce_reason = models.CharField(_("motif du retour"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("courriel")
        verbose_name_plural = _("courriels")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="mail_newest"),
            models.Index(
                fields=["message_id"], name="mail_by_message_id", condition=~Q(message_id="")
            ),
            models.Index(
                fields=["-bounced_at"], name="mail_bounced", condition=Q(bounced_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class OutgoingText(models.Model):
    """A short text to a telephone: an SMS, or a WhatsApp message that a person sends by hand.

    Only the team reads this table.
    """

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        WHATSAPP = "whatsapp", _("WhatsApp")

    class State(models.TextChoices):
        OWED = "owed", _("À envoyer")
        SENT = "sent", _("Envoyé")
        FAILED = "failed", _("Échec")
        VOID = "void", _("Retenu")

    key = models.CharField(_("clé"), max_length=200, unique=True)
    channel = models.CharField(_("canal"), max_length=10, choices=Channel.choices)
    client = models.ForeignKey(
        settings.ACCESS_ROOT,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("client"),
    )
    phone = models.CharField(_("numéro"), max_length=20)
    text = models.TextField(_("texte"))
    segments = models.PositiveSmallIntegerField(_("SMS comptés"), default=1)
    state = models.CharField(_("état"), max_length=6, choices=State.choices, default=State.OWED)
    reference = models.CharField(_("référence de l’opérateur"), max_length=200, blank=True)
    last_error = models.CharField(_("dernière erreur"), max_length=300, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("dû depuis"), auto_now_add=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("message court")
        verbose_name_plural = _("messages courts")
        indexes = [models.Index(fields=["-created_at", "-id"], name="text_newest")]

    def __str__(self) -> str:
        return self.text[:60]


class TextRefusal(models.Model):
    """A telephone number that wants no SMS of ours: none leaves to it."""

    phone = models.CharField(
        _("numéro"),
        max_length=20,
        unique=True,
        help_text=_("Avec l’indicatif : +225 07 00 00 00 00"),
    )
    reason = models.CharField(_("demandé par"), max_length=200, blank=True)
    since = models.DateTimeField(_("depuis"), auto_now_add=True)

    class Meta:
        verbose_name = _("numéro sans SMS")
        verbose_name_plural = _("numéros sans SMS")

    def __str__(self) -> str:
        return self.phone


class UndeliverableAddress(models.Model):
    """An e-mail address that its server says does not exist, or takes no mail any more.

    Mail that the team chose still leaves to it; rules leave it out. Only the team reads this table.
    """

    email = models.EmailField(_("adresse e-mail"), unique=True)
    reason = models.CharField(_("ce que dit son serveur"), max_length=300, blank=True)
    since = models.DateTimeField(_("depuis"))
    last_at = models.DateTimeField(_("dernier retour"))
    bounces = models.PositiveIntegerField(_("retours"), default=1)

    class Meta:
        verbose_name = _("adresse en échec")
        verbose_name_plural = _("adresses en échec")
        indexes = [models.Index(fields=["-last_at", "-id"], name="undeliverable_newest")]

    def __str__(self) -> str:
        return self.email
