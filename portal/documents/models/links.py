"""A link that opens one version of a document to somebody without an account, for a while."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from portal.documents.models.documents import DocumentVersion
from portal.projects.models.projects import OfProject


class ShareLink(OfProject):
    """A link given to a third person. Its token is shown once: only a digest of it is kept."""

    version = models.ForeignKey(
        DocumentVersion,
        on_delete=models.CASCADE,
        related_name="links",
        verbose_name=_("version"),
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    is_single = models.BooleanField(_("une seule ouverture"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("créé par"),
    )
    created_at = models.DateTimeField(_("créé le"))
    ends_at = models.DateTimeField(_("valable jusqu’au"))
    opens = models.PositiveIntegerField(_("ouvertures"), default=0)
    last_opened_at = models.DateTimeField(_("dernière ouverture"), null=True)
    revoked_at = models.DateTimeField(_("coupé le"), null=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(
        grant=Grant.VIEW_PROJECTS,
        project="version__document__project_id",
        only=Q(version__document__visibility="client"),
    )

    class Meta:
        verbose_name = _("lien de partage")
        verbose_name_plural = _("liens de partage")

    def __str__(self) -> str:
        return f"{self.version.document}, {self.version}"

    @property
    def parent_row(self) -> DocumentVersion:
        return self.version

    def is_live(self, at: datetime) -> bool:
        """Tell whether the link itself still opens: in its time, not cut, not used up."""
        is_used_up = self.is_single and self.opens > 0
        return self.revoked_at is None and self.ends_at > at and not is_used_up
