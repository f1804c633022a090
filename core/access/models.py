"""Forms that were taken, so that the same form sent again has one effect."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Submission(models.Model):
    """A form that a person sent under a key of the browser's own.

    A link that drops makes a browser send again what had arrived: the key says so. Holds no word
    of the form, only where it led. Read before any client is known, so outside row security.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="user"
    )
    key = models.UUIDField(_("clé"))
    path = models.CharField(_("adresse du formulaire"), max_length=200)
    location = models.CharField(_("où il a mené"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("envoyé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("formulaire envoyé")
        verbose_name_plural = _("formulaires envoyés")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="submission_once")]
        indexes = [models.Index(fields=["sent_at"], name="submission_age")]

    def __str__(self) -> str:
        return str(self.key)
