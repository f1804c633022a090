"""Documents of a project: shared with the client or ours, each with its versions."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from core.models import Dated
from core.search import search_text
from portal.documents.folders import tidy_folder, validate_folder
from portal.projects.models import Project
from portal.projects.models.projects import OfProject

LONGEST_TAG, MOST_TAGS = 40, 20


def tidy_tags(words: Iterable[str]) -> list[str]:
    """Return tags in small letters, without useless spaces, once each and in order.

    A tag keeps its accents; commas part tags. What is too long is cut, what is too many left out.
    """
    found = (" ".join(part.lower().split()) for word in words for part in word.split(","))
    return sorted({tag[:LONGEST_TAG].strip() for tag in found if tag})[:MOST_TAGS]


class ProjectDocument(Dated, OfProject):
    """A document by its title; its bytes are those of its latest version."""

    class Visibility(models.TextChoices):
        CLIENT = "client", _("Client")
        INTERNAL = "internal", _("Interne")

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="documents", verbose_name=_("projet")
    )
    title = models.CharField(_("titre"), max_length=200)
    folder = models.CharField(
        _("dossier"),
        max_length=100,
        blank=True,
        validators=[validate_folder],
        help_text=_("Deux niveaux au plus, comme « Livrables/Maquettes »."),
    )
    visibility = models.CharField(
        _("visibilité"), max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL
    )
    shared_at = models.DateTimeField(_("partagé le"), null=True, blank=True, editable=False)
    is_from_client = models.BooleanField(_("déposé par le client"), default=False, editable=False)
    tags = ArrayField(
        models.CharField(max_length=LONGEST_TAG),
        default=list,
        blank=True,
        verbose_name=_("étiquettes"),
        help_text=_("Séparées par des virgules. Le client ne les voit pas."),
    )
    latest = models.ForeignKey(
        "documents.DocumentVersion",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        verbose_name=_("dernière version"),
    )
    search_norm = models.TextField(editable=False, default="")
    contents = models.TextField(editable=False, default="")  # folded words of the latest file
    library_norm = models.TextField(editable=False, default="")  # what the team searches by
    search_vector = models.GeneratedField(
        expression=SearchVector("library_norm", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="project_id", only=Q(visibility="client"))

    class Meta:
        verbose_name = _("document de projet")
        verbose_name_plural = _("documents de projet")
        indexes = [
            models.Index(fields=["project", "folder", "title"], name="document_of_project"),
            models.Index(fields=["-created_at", "-id"], name="document_newest"),
            models.Index(fields=["title", "id"], name="document_title"),
            models.Index(fields=["visibility", "-created_at"], name="document_visibility"),
            GinIndex(fields=["search_vector"], name="document_words"),
            GinIndex(fields=["tags"], name="document_tags"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.folder = tidy_folder(self.folder)
        self.tags = tidy_tags(self.tags)
        self.search_norm = search_text(self.title, self.folder)
        self.library_norm = search_text(self.search_norm, *self.tags, self.contents)
        super().save(*args, **kwargs)

    @property
    def parent_row(self) -> Project:
        return self.project

    @property
    def is_shared(self) -> bool:
        return self.visibility == self.Visibility.CLIENT


class DocumentVersion(OfProject):
    """One deposit of a document. Earlier ones stay readable in its history."""

    document = models.ForeignKey(ProjectDocument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("déposé par"),
    )
    created_at = models.DateTimeField(_("déposé le"))
    note = models.CharField(_("note de version"), max_length=300, blank=True)
    made_from = models.ForeignKey(
        "documents.PaperTemplateVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("d’après le modèle"),
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(
        grant=Grant.VIEW_PROJECTS,
        project="document__project_id",
        only=Q(document__visibility="client"),
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"v{self.number}"

    @property
    def parent_row(self) -> ProjectDocument:
        return self.document


class DocumentReading(OfProject):
    """How far somebody has read a document: its newest version that they opened."""

    document = models.ForeignKey(ProjectDocument, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField(_("version"))
    read_at = models.DateTimeField(_("ouvert le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(
        grant=Grant.VIEW_PROJECTS,
        project="document__project_id",
        only=Q(document__visibility="client"),
    )

    class Meta:
        verbose_name = _("lecture de document")
        verbose_name_plural = _("lectures de document")
        constraints = [models.UniqueConstraint(fields=["document", "user"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.user} v{self.number}"

    @property
    def parent_row(self) -> ProjectDocument:
        return self.document
