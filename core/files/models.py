"""Private files: the bytes in the private store under a key of ours, the facts in a row."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet

SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp"})


class StoredFile(models.Model):
    """A file of a client. Its name is data; its key in the store says nothing.

    People reach it through the page that shows it (an invoice, a document), never by its id.
    """

    key = models.CharField(_("clé"), max_length=200, unique=True, editable=False)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        settings.ACCESS_ROOT,
        on_delete=models.PROTECT,
        related_name="files",
        verbose_name=_("client"),
    )
    name = models.CharField(_("nom"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("taille (octets)"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("déposé le"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("déposé par"),
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.ENTER)

    class Meta:
        verbose_name = _("fichier")
        verbose_name_plural = _("fichiers")

    def __str__(self) -> str:
        return self.name

    @property
    def is_shown_inline(self) -> bool:
        """Tell whether a browser may show it in a page: PDF and pictures, nothing that runs."""
        return self.content_type in SHOWN_INLINE

    @property
    def extension(self) -> str:
        """Return what follows the last dot of the name, or nothing."""
        return self.name.rpartition(".")[2] if "." in self.name else ""
