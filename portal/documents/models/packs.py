"""Several documents packed into one file for somebody of the team."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentPack(models.Model):
    """A ZIP of chosen documents, made by a worker and kept for a day, for who asked for it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("demandé par"),
    )
    document_ids = ArrayField(models.BigIntegerField(), verbose_name=_("documents"))
    asked_at = models.DateTimeField(_("demandé le"))
    made_at = models.DateTimeField(_("prêt le"), null=True)
    expires_at = models.DateTimeField(_("gardé jusqu’au"), null=True)
    key = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("taille (octets)"), default=0)
    packed = models.PositiveIntegerField(_("fichiers"), default=0)
    left_out = models.JSONField(_("laissés de côté"), default=list)

    class Meta:
        verbose_name = _("archive de documents")
        verbose_name_plural = _("archives de documents")
        indexes = [
            models.Index(fields=["owner", "-asked_at"], name="pack_of_owner"),
            models.Index(fields=["expires_at"], name="pack_to_remove"),
        ]

    def __str__(self) -> str:
        return f"documents-{self.pk}"
