"""What the team keeps for itself in the back-office: alerts put off, and what was made of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AlertSnooze(models.Model):
    """An alert that somebody put off until a moment. It comes back if it is still true then."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("personne"),
    )
    key = models.CharField(_("alerte"), max_length=120)
    until = models.DateTimeField(_("jusqu’à"))

    class Meta:
        verbose_name = _("alerte reportée")
        verbose_name_plural = _("alertes reportées")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="snooze_once")]

    def __str__(self) -> str:
        return self.key


class AlertFollowUp(models.Model):
    """The task that was made of an alert: who reads the alert next sees that it is in hand."""

    key = models.CharField(_("alerte"), max_length=120, unique=True)
    title = models.CharField(_("tâche"), max_length=300)
    url = models.CharField(_("adresse"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("par"),
    )
    made_at = models.DateTimeField(_("le"))

    class Meta:
        verbose_name = _("suite d’une alerte")
        verbose_name_plural = _("suites d’alertes")

    def __str__(self) -> str:
        return self.title
