"""What people ask about their own data: a copy of it, or that it be erased."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DataExport(models.Model):
    """A copy of what we hold on a person, made for that person alone and for some days."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="data_exports",
        verbose_name=_("personne"),
    )
    asked_at = models.DateTimeField(_("demandé le"))
    made_at = models.DateTimeField(_("prêt le"), null=True, blank=True)
    expires_at = models.DateTimeField(_("disponible jusqu’au"), null=True, blank=True)
    key = models.CharField(_("clé"), max_length=200, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("taille (octets)"), default=0)

    class Meta:
        verbose_name = _("copie des données")
        verbose_name_plural = _("copies des données")
        indexes = [models.Index(fields=["user", "-asked_at"], name="export_of_user")]

    def __str__(self) -> str:
        return str(self.user)


class ErasureRequest(models.Model):
    """A person asks that what we hold on them be erased. The team answers each request."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Reçue")
        IN_PROGRESS = "in_progress", _("En cours")
        DONE = "done", _("Faite")
        REFUSED = "refused", _("Refusée")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="erasure_requests",
        verbose_name=_("personne"),
    )
    reason = models.TextField(_("motif"), blank=True, max_length=2000)
    state = models.CharField(
        _("état"), max_length=12, choices=State.choices, default=State.RECEIVED
    )
    asked_at = models.DateTimeField(_("demandée le"))
    answered_at = models.DateTimeField(_("répondue le"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("répondue par"),
    )
    answer = models.TextField(_("réponse"), blank=True)

    class Meta:
        verbose_name = _("demande d’effacement")
        verbose_name_plural = _("demandes d’effacement")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=["received", "in_progress"]),
                name="erasure_one_open",
            )
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="erasure_newest")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_open(self) -> bool:
        """Tell whether the team has still to answer."""
        return self.state in (self.State.RECEIVED, self.State.IN_PROGRESS)
