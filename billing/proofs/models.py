"""The keys that sign what we certify. The private half is sealed; the public one is published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SigningKey(models.Model):
    """An Ed25519 key pair. One signs at a time; the former ones stay, to verify what they signed.

    Append-only but for its retirement: without a key, the receipts it signed prove nothing more.
    """

    kid = models.CharField(_("nom"), max_length=8, unique=True)
    public = models.CharField(_("clé publique"), max_length=64)  # base64url, 32 bytes
    sealed = models.TextField(editable=False)  # the private half, encrypted
    made_at = models.DateTimeField(_("créée le"))
    retired_at = models.DateTimeField(_("remplacée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("clé de signature")
        verbose_name_plural = _("clés de signature")
        constraints = [
            models.UniqueConstraint(
                fields=["retired_at"],
                condition=Q(retired_at=None),
                nulls_distinct=False,
                name="signing_key_one_live",
            )
        ]

    def __str__(self) -> str:
        return self.kid
