"""What providers tell us, kept as it came before anything is believed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProviderNotification(models.Model):
    """One notification, as received. Not client-owned: it comes before anybody is known.

    Told again, the same bytes are the same row, with one more delivery.
    """

    class State(models.TextChoices):
        NEW = "new", _("À traiter")
        DONE = "done", _("Traitée")
        IGNORED = "ignored", _("Sans objet")
        REJECTED = "rejected", _("Refusée")

    provider = models.CharField(_("prestataire"), max_length=20)
    dedupe_key = models.CharField(max_length=64, unique=True)
    reference = models.CharField(_("référence"), max_length=40, blank=True, db_index=True)
    event_type = models.CharField(_("événement"), max_length=60, blank=True)
    is_reversal = models.BooleanField(_("argent rendu ?"), default=False)
    body = models.BinaryField(_("corps"), max_length=65536)
    headers = models.JSONField(_("en-têtes"), default=dict)
    content_type = models.CharField(max_length=100, blank=True)
    remote_addr = models.GenericIPAddressField(_("adresse IP"), null=True, blank=True)
    is_signed = models.BooleanField(_("signée"), default=False)
    reason = models.CharField(_("motif"), max_length=200, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.NEW)
    deliveries = models.PositiveIntegerField(_("réceptions"), default=1)
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(_("prochain essai"), null=True, blank=True)
    received_at = models.DateTimeField(_("reçue le"))
    last_received_at = models.DateTimeField(_("reçue encore le"))
    done_at = models.DateTimeField(_("traitée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification de prestataire")
        verbose_name_plural = _("notifications de prestataire")
        indexes = [
            models.Index(
                fields=["next_try_at"], name="notification_due", condition=models.Q(state="new")
            ),
            models.Index(fields=["-received_at", "-id"], name="notification_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.reference}"
