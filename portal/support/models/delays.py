"""Our working hours, and the delays that we promise within them."""

from datetime import time

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class BusinessCalendar(models.Model):
    """Our working hours, on which delays run. Days are 1 (Monday) to 7."""

    name = models.CharField(_("nom"), max_length=60, unique=True)
    opens_at = models.TimeField(_("ouverture"), default=time(8))
    closes_at = models.TimeField(_("fermeture"), default=time(18))
    weekdays = models.CharField(
        _("jours ouvrés"), max_length=7, default="12345", help_text=_("12345 : lundi à vendredi.")
    )

    class Meta:
        verbose_name = _("calendrier ouvré")
        verbose_name_plural = _("calendriers ouvrés")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="calendar_opens_before_closing",
                violation_error_message=_("La fermeture suit l’ouverture."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SlaPolicy(models.Model):
    """The delays we promise for a kind of request, in working hours."""

    name = models.CharField(_("nom"), max_length=60, unique=True)
    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.PROTECT, related_name="+", verbose_name=_("calendrier")
    )
    first_answer_hours = models.PositiveSmallIntegerField(_("première réponse (h)"), default=4)
    solution_hours = models.PositiveSmallIntegerField(_("résolution (h)"), default=16)

    class Meta:
        verbose_name = _("délai de service")
        verbose_name_plural = _("délais de service")

    def __str__(self) -> str:
        return self.name
