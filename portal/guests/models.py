"""The link that opens a small portal to a client without an account."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PortalLink(models.Model):
    """A link of a client. Whoever holds it reads the essential and writes to the support.

    The token itself is never stored: only its SHA-256, so that reading the table opens nothing.
    Read before any client is known, so outside row-level security.
    """

    client = models.ForeignKey(
        "accounts.Client",
        on_delete=models.CASCADE,
        related_name="portal_links",
        verbose_name=_("client"),
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("début du lien"), max_length=6, editable=False)
    created_at = models.DateTimeField(_("créé le"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("créé par"),
    )
    expires_at = models.DateTimeField(_("expire le"))
    revoked_at = models.DateTimeField(_("annulé le"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("dernière visite"), null=True, blank=True)
    visits = models.PositiveIntegerField(_("visites"), default=0)

    class Meta:
        verbose_name = _("lien portail")
        verbose_name_plural = _("liens portail")
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(revoked_at=None), name="portal_link_one_live"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client} · {self.hint}…"
