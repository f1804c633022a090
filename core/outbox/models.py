"""Work that is owed: written in the transaction of the act, done after it by the worker."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OwedWork(models.Model):
    """One effect to have, once: a mail to send, a PDF to make. Its key says which.

    The payload holds ids and plain words only. Not client-owned: the worker reads it before it
    knows a client, then works in the scope of `client_id`.
    """

    class State(models.TextChoices):
        OWED = "owed", _("À faire")
        DONE = "done", _("Fait")
        DEAD = "dead", _("Abandonné")

    key = models.CharField(_("clé"), max_length=200, unique=True)
    topic = models.CharField(_("sujet"), max_length=60)
    payload = models.JSONField(_("contenu"), default=dict)
    client_id = models.BigIntegerField(null=True, editable=False)
    state = models.CharField(_("état"), max_length=5, choices=State.choices, default=State.OWED)
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_try_at = models.DateTimeField(_("prochain essai"))
    leased_until = models.DateTimeField(_("réservé jusqu’à"), null=True, blank=True)
    last_error = models.TextField(_("dernière erreur"), blank=True)
    created_at = models.DateTimeField(_("dû depuis"), auto_now_add=True)
    done_at = models.DateTimeField(_("fait le"), null=True, blank=True)

    class Meta:
        verbose_name = _("travail")
        verbose_name_plural = _("travaux")
        indexes = [
            models.Index(fields=["next_try_at"], name="owed_due", condition=models.Q(state="owed")),
            models.Index(fields=["-created_at", "-id"], name="owed_newest"),
        ]

    def __str__(self) -> str:
        return self.key
