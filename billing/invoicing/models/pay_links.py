"""An address that pays one invoice without signing in, for whoever it is handed to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models.invoices import Invoice
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class PayLink(models.Model):
    """A link to pay one invoice. Its token is worked out from `nonce` and the site's secret key.

    Only the token's hash is kept: the rows alone open nothing. One live link per invoice.
    """

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="pay_links")
    nonce = models.CharField(max_length=64, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("créé le"))
    revoked_at = models.DateTimeField(_("révoqué le"), null=True, blank=True)
    openings = models.PositiveIntegerField(_("ouvertures"), default=0)
    last_opened_at = models.DateTimeField(_("ouvert le"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("lien de paiement")
        verbose_name_plural = _("liens de paiement")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(revoked_at=None), name="pay_link_one_live"
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
