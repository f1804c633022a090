"""Our mailboxes, and each message that came to them, with what became of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Dated, Versioned


class Mailbox(Dated, Versioned):
    """An address of ours that clients write to: read by IMAP, or brought by a provider's call.

    `sealed` holds its secret, encrypted: the password, or what the calls are signed with.
    `uid_validity` and `last_uid` say how far it was read.
    """

    class Kind(models.TextChoices):
        IMAP = "imap", _("Boîte relevée (IMAP)")
        WEBHOOK = "webhook", _("Apportée par un fournisseur (appel signé)")

    class Security(models.TextChoices):
        SSL = "ssl", _("SSL (port 993)")
        STARTTLS = "starttls", _("STARTTLS (port 143)")
        NONE = "none", _("Aucune, sur cette machine seulement")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("nom"), max_length=80)
    address = models.EmailField(_("adresse"), unique=True)
    kind = models.CharField(_("nature"), max_length=7, choices=Kind.choices, default=Kind.IMAP)
    host = models.CharField(_("serveur"), max_length=200, blank=True)
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(
        _("chiffrement"), max_length=8, choices=Security.choices, default=Security.SSL
    )
    username = models.CharField(_("identifiant"), max_length=200, blank=True)
    folder = models.CharField(_("dossier"), max_length=100, default="INBOX")
    sealed = models.TextField(editable=False, blank=True)
    trusted_server = models.CharField(
        _("serveur de confiance"),
        max_length=200,
        blank=True,
        help_text=_(
            "Le nom qu’écrit votre serveur en tête de « Authentication-Results ». Vide : aucun "
            "expéditeur n’est vérifié, et chaque message attend votre accord."
        ),
    )
    is_on = models.BooleanField(_("active"), default=True)
    uid_validity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    polled_at = models.DateTimeField(_("dernière relève"), null=True, editable=False)
    last_error = models.CharField(_("dernière erreur"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("boîte aux lettres")
        verbose_name_plural = _("boîtes aux lettres")

    def __str__(self) -> str:
        return self.address


class IncomingMail(models.Model):
    """A message that came, kept as it was, and what became of it. Only the team reads this table.

    `message_id` is its Message-ID, once in the house: the same message is treated once, whichever
    way it came twice. A message without one is known by its bytes.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("À traiter")
        TREATED = "treated", _("Dans un ticket")
        UNKNOWN = "unknown", _("Expéditeur inconnu")
        HELD = "held", _("Expéditeur non vérifié")
        REFUSED = "refused", _("Refusé")
        BOUNCE = "bounce", _("Retour d’un envoi")
        FAILED = "failed", _("Échec")

    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.PROTECT, related_name="mails", verbose_name=_("boîte")
    )
    message_id = models.CharField(  # noqa: DJ001  unique where it is known
        "Message-ID", max_length=300, null=True, unique=True, editable=False
    )
    client = models.ForeignKey(
        settings.ACCESS_ROOT,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("client"),
    )
    ticket = models.ForeignKey(
        "support.Ticket",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("ticket"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("compte"),
    )
    sender = models.CharField(_("de"), max_length=254, blank=True)
    sender_name = models.CharField(_("nom écrit"), max_length=200, blank=True)
    recipients = models.CharField(_("à"), max_length=600, blank=True)
    subject = models.CharField(_("objet"), max_length=300, blank=True)
    text = models.TextField(_("texte"), blank=True)
    is_verified = models.BooleanField(_("expéditeur vérifié"), default=False)
    state = models.CharField(_("état"), max_length=8, choices=State.choices, default=State.RECEIVED)
    reason = models.CharField(_("motif"), max_length=300, blank=True)
    refused_files = models.JSONField(_("pièces refusées"), default=list)
    raw_key = models.CharField(max_length=200, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("taille (octets)"), default=0)
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)
    received_at = models.DateTimeField(_("reçu le"))
    treated_at = models.DateTimeField(_("traité le"), null=True, blank=True)

    class Meta:
        verbose_name = _("message entrant")
        verbose_name_plural = _("courrier entrant")
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="incoming_newest"),
            models.Index(fields=["state", "-received_at", "-id"], name="incoming_by_state"),
            models.Index(fields=["received_at"], name="incoming_raw", condition=~Q(raw_key="")),
        ]

    def __str__(self) -> str:
        return self.subject or self.sender or str(self.pk)

    @property
    def waits(self) -> bool:
        """Tell whether somebody of the team must say what becomes of it."""
        return self.state in (self.State.UNKNOWN, self.State.HELD, self.State.FAILED)
