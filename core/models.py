"""Abstract bases shared by models of every app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Dated(models.Model):
    """A row that knows when it was made and last changed."""

    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that counts its changes, so that a second writer is told instead of winning."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True
