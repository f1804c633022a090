"""Files that came with an exchange."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import ClientOwned, ScopedQuerySet
from portal.crm.models.interactions import Interaction
from portal.crm.models.opportunities import OURS_ALONE


class InteractionFile(ClientOwned):
    """A file that came with an exchange: for the team alone, as the exchange is."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="files", verbose_name=_("échange")
    )
    file = models.OneToOneField(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("fichier")
    )

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("pièce jointe d’un échange")
        verbose_name_plural = _("pièces jointes des échanges")

    def __str__(self) -> str:
        return str(self.file)
