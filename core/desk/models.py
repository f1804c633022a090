"""What each person of the team keeps at their desk: saved filters, columns, exports, undoing."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """A filtered listing under a name, for whoever saved it or for the whole team."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_filters",
        verbose_name=_("enregistré par"),
    )
    listing = models.CharField(_("liste"), max_length=120)
    name = models.CharField(_("nom"), max_length=40)
    query = models.TextField(_("filtre"), max_length=2000)
    is_shared = models.BooleanField(_("pour toute l’équipe"), default=False)
    created_at = models.DateTimeField(_("enregistré le"))

    class Meta:
        verbose_name = _("filtre enregistré")
        verbose_name_plural = _("filtres enregistrés")
        constraints = [
            models.UniqueConstraint("owner", "listing", Lower("name"), name="saved_filter_once")
        ]
        indexes = [
            models.Index(
                fields=["listing"], name="filter_of_team", condition=models.Q(is_shared=True)
            )
        ]

    def __str__(self) -> str:
        return self.name


class ListingChoice(models.Model):
    """How somebody wants a listing: its columns, and the filter it opens with."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="listing_choices",
        verbose_name=_("personne"),
    )
    listing = models.CharField(_("liste"), max_length=120)
    order = models.JSONField(_("ordre des colonnes"), default=list, blank=True)
    hidden = models.JSONField(_("colonnes cachées"), default=list, blank=True)
    opens_with = models.ForeignKey(
        SavedFilter,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("s’ouvre sur"),
    )

    class Meta:
        verbose_name = _("réglage d’une liste")
        verbose_name_plural = _("réglages de listes")
        constraints = [models.UniqueConstraint(fields=["user", "listing"], name="choice_once")]

    def __str__(self) -> str:
        return self.listing


class DeskWishes(models.Model):
    """What somebody wants of every listing. Absent: dense rows."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="desk_wishes",
        verbose_name=_("personne"),
    )
    is_roomy = models.BooleanField(_("lignes hautes"), default=False)

    class Meta:
        verbose_name = _("préférence de listes")
        verbose_name_plural = _("préférences de listes")

    def __str__(self) -> str:
        return str(_("Lignes hautes") if self.is_roomy else _("Lignes serrées"))


class ListExport(models.Model):
    """A list too long to be handed over at once: a worker writes its file, for one person."""

    class State(models.TextChoices):
        WAITING = "waiting", _("En attente")
        RUNNING = "running", _("En cours")
        READY = "ready", _("Prêt")
        FAILED = "failed", _("Échec")
        CANCELLED = "cancelled", _("Annulé")

    UNDER_WAY = (State.WAITING, State.RUNNING)

    token = models.UUIDField(_("clé"), default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="list_exports",
        verbose_name=_("demandé par"),
    )
    title = models.CharField(_("liste"), max_length=120)
    path = models.CharField(_("adresse"), max_length=300)
    query = models.TextField(_("filtre"), max_length=4000, blank=True)
    format = models.CharField(_("format"), max_length=4)
    state = models.CharField(_("état"), max_length=9, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(_("lignes"), default=0)
    done = models.PositiveIntegerField(_("lignes écrites"), default=0)
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)
    error = models.CharField(_("motif"), max_length=300, blank=True)
    name = models.CharField(_("fichier"), max_length=150, blank=True)
    content_type = models.CharField(_("type"), max_length=100, blank=True)
    key = models.CharField(_("clé du fichier"), max_length=200, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("taille (octets)"), default=0)
    asked_at = models.DateTimeField(_("demandé le"))
    seen_at = models.DateTimeField(_("signe de vie"), null=True, blank=True)
    ended_at = models.DateTimeField(_("fini le"), null=True, blank=True)
    expires_at = models.DateTimeField(_("disponible jusqu’au"), null=True, blank=True)

    class Meta:
        verbose_name = _("export de liste")
        verbose_name_plural = _("exports de listes")
        constraints = [
            models.UniqueConstraint(
                "user",
                "path",
                "query",
                "format",
                name="list_export_once",
                condition=models.Q(state__in=("waiting", "running")),
            )
        ]
        indexes = [
            models.Index(fields=["user", "-asked_at"], name="list_export_of_user"),
            models.Index(
                fields=["expires_at"], name="list_export_old", condition=~models.Q(key="")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_under_way(self) -> bool:
        """Tell whether a worker has it, or will."""
        return self.state in self.UNDER_WAY

    @property
    def percent(self) -> int:
        """Return how much of it is written, from 0 to 100; 100 only once it is ready."""
        if self.state == self.State.READY:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


class UndoRecord(models.Model):
    """What an act changed, kept some minutes so that whoever did it may take it back."""

    token = models.UUIDField(_("clé"), default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("personne"),
    )
    kind = models.CharField(_("acte"), max_length=60)
    label = models.CharField(_("libellé"), max_length=200)
    rows = models.JSONField(_("valeurs d’avant et d’après"), default=list)
    made_at = models.DateTimeField(_("fait le"))
    until = models.DateTimeField(_("jusqu’à"))
    undone_at = models.DateTimeField(_("annulé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("acte annulable")
        verbose_name_plural = _("actes annulables")
        indexes = [models.Index(fields=["until"], name="undo_until")]

    def __str__(self) -> str:
        return self.label
