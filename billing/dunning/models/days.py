"""The runs of the job."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DunningRun(models.Model):
    """One run of reminding, and what came of it. Append-only but for its end."""

    on = models.DateField(_("jour relancé"))
    started_at = models.DateTimeField(_("début"))
    ended_at = models.DateTimeField(_("fin"), null=True, blank=True)
    sent = models.PositiveIntegerField(_("envoyées"), default=0)
    held = models.PositiveIntegerField(_("retenues"), default=0)
    failed = models.PositiveIntegerField(_("en échec"), default=0)

    class Meta:
        verbose_name = _("passage des relances")
        verbose_name_plural = _("passages des relances")
        indexes = [models.Index(fields=["-started_at", "-id"], name="dunning_runs_newest")]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}"
