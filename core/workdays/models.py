"""The days that the team knows better than the calendar."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Holiday(models.Model):
    """What the team knows of a day: off, or worked whatever the calendar says.

    The calendar of Côte d’Ivoire is computed; a row here wins over it, for days set by decree.
    """

    on = models.DateField(_("jour"), unique=True)
    name = models.CharField(_("nom"), max_length=100)
    is_off = models.BooleanField(
        _("chômé"),
        default=True,
        help_text=_("Décoché : un jour que le calendrier croyait chômé, et qui se travaille."),
    )

    class Meta:
        verbose_name = _("jour férié")
        verbose_name_plural = _("jours fériés")
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y} · {self.name}"
