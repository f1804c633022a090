"""What analysis keeps of its own: the months in which somebody of a client signed in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import ClientOwned, Scope, ScopedQuerySet


class ClientVisit(ClientOwned):
    """A month in which somebody of a client was signed in. One row, whoever came, however often."""

    month = models.DateField(_("mois"))  # its first day
    first_at = models.DateTimeField(_("première visite"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(only=models.Q(pk=None))  # the team's

    class Meta:
        verbose_name = _("mois de visite")
        verbose_name_plural = _("mois de visite")
        default_permissions = ()
        permissions = [("view_analytics", _("Voir l’analyse"))]
        constraints = [
            models.UniqueConstraint(fields=["month", "client"], name="client_visit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"
