"""How much a column of tasks may hold, and the private addresses of calendars."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.projects.models import Project, Task


class ColumnLimit(models.Model):
    """How many tasks the team wants in a column at most, everywhere or in one project."""

    project = models.ForeignKey(
        Project,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("projet"),
        help_text=_("Vide : pour tous les projets ensemble."),
    )
    status = models.CharField(_("colonne"), max_length=10, choices=Task.Status.choices)
    most = models.PositiveSmallIntegerField(_("tâches au plus"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("limite de colonne")
        verbose_name_plural = _("limites de colonnes")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "status"],
                nulls_distinct=False,
                name="limit_once_a_column",
                violation_error_message=_("Cette colonne a déjà une limite."),
            )
        ]

    def __str__(self) -> str:
        where = self.project or _("Tous les projets")
        return f"{where} · {self.get_status_display()} · {self.most}"


class CalendarLink(models.Model):
    """The private address from which a calendar reads the dates of somebody of the team.

    Only the SHA-256 of its token is kept: the address is shown once.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(_("début de l’adresse"), max_length=12)
    made_at = models.DateTimeField(_("faite le"))
    read_on = models.DateField(_("lue le"), null=True, blank=True)

    class Meta:
        verbose_name = _("adresse de calendrier")
        verbose_name_plural = _("adresses de calendrier")

    def __str__(self) -> str:
        return self.hint
