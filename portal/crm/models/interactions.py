"""What was said or done with a client, and internal notes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import ClientOwned, ScopedQuerySet
from portal.crm.models.opportunities import OURS_ALONE, Opportunity


class Interaction(ClientOwned):
    """Something said or done with a client, or an internal note. Clients never see it.

    An e-mail keeps who wrote it, its subject and its text apart; `meta` holds what else is known,
    as plain values, and `message_id` its Message-ID, once in the whole house.
    """

    class Kind(models.TextChoices):
        NOTE = "note", _("Note interne")
        CALL = "call", _("Appel")
        MEETING = "meeting", _("Rendez-vous")
        EMAIL = "email", _("E-mail")
        EMAIL_CLIENT = "email_client", _("E-mail du client")
        MESSAGE = "message", _("WhatsApp ou SMS")
        PAYMENT = "paiement_recu", _("Paiement reçu")  # written by the system

    kind = models.CharField(_("nature"), max_length=20, choices=Kind.choices, default=Kind.NOTE)
    sender = models.CharField(_("expéditeur"), max_length=320, blank=True)
    subject = models.CharField(_("objet"), max_length=300, blank=True)
    opportunity = models.ForeignKey(
        Opportunity,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="interactions",
        verbose_name=_("opportunité"),
    )
    body = models.TextField(_("texte"), max_length=50_000)
    meta = models.JSONField(_("autres informations"), default=dict, blank=True, editable=False)
    message_id = models.CharField(
        _("identifiant du message"),
        max_length=500,
        null=True,
        blank=True,
        unique=True,
        editable=False,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("auteur"),
    )
    happened_at = models.DateTimeField(_("le"))
    is_pinned = models.BooleanField(
        _("épinglé"), default=False, help_text=_("En tête de la fiche du client.")
    )

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("échange")
        verbose_name_plural = _("échanges")
        indexes = [
            models.Index(fields=["client", "-happened_at"], name="interaction_of_client"),
            models.Index(fields=["-happened_at", "-id"], name="interaction_newest"),
            models.Index(fields=["opportunity", "-happened_at"], name="interaction_of_sale"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.subject[:60] or self.body[:60]}"

    @property
    def is_email(self) -> bool:
        """Tell whether it is an e-mail, theirs or ours."""
        return self.kind in (self.Kind.EMAIL, self.Kind.EMAIL_CLIENT)

    @property
    def is_locked(self) -> bool:
        """Tell whether the system wrote it: nobody edits it."""
        return self.kind == self.Kind.PAYMENT
