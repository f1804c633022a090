"""The library: every document of every client, searched, filtered, tagged, shown or kept."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, ModelChoiceFilter
from wagtail import hooks
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column

from core.access.row_guard import require_view
from core.accounts.models import Client, User
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import FrenchDateColumn, PlainColumn, StatusColumn, StatusLook
from core.backoffice.pages import RecordIndexView
from core.backoffice.viewsets import RecordViewSet
from core.files.links import download_response, preview_response
from core.files.models import StoredFile
from core.hooks import Section
from core.ui.formats import file_size
from portal.documents import queries, services
from portal.documents.admin_screens import sections
from portal.documents.admin_screens.acts import (
    AddVersion,
    CutLinks,
    KeepInternal,
    RestoreVersion,
    ShareByLink,
    ShowToClient,
)
from portal.documents.kinds import LABELS, TYPES_OF_KIND
from portal.documents.models import DocumentVersion, ProjectDocument
from portal.documents.models.documents import LONGEST_TAG
from portal.documents.previews import let_own_pages_frame
from portal.projects.models import Project

VISIBILITIES = {
    ProjectDocument.Visibility.CLIENT: StatusLook("done", "ok"),
    ProjectDocument.Visibility.INTERNAL: StatusLook("draft"),
}
HELD = {
    StoredFile.Scan.WAITING: _("Analyse en cours"),
    StoredFile.Scan.INFECTED: _("En quarantaine"),
}
HEAVY = (
    "contents",
    "library_norm",
    "search_vector",
    "client__search_vector",
    "client__search_norm",
)


class LibraryFilterSet(WagtailFilterSet):
    """How documents are filtered: whose, of what kind, by whom, when, what holds them back."""

    client = ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.all(),
        widget=RecordChooser(Client, icon="group"),
    )
    project = ModelChoiceFilter(
        label=_("Projet"),
        queryset=lambda request: Project.objects.all(),
        widget=RecordChooser(Project, icon="folder-open-inverse"),
    )
    kind = ChoiceFilter(
        label=_("Type de fichier"), choices=list(LABELS.items()), method="filter_kind"
    )
    visibility = ChoiceFilter(label=_("Visibilité"), choices=ProjectDocument.Visibility.choices)
    tag = CharFilter(label=_("Étiquette"), method="filter_tag")
    author = ModelChoiceFilter(
        label=_("Déposé par (équipe)"),
        field_name="latest__author",
        queryset=lambda request: User.objects.filter(is_staff=True).order_by("first_name"),
        widget=forms.Select,
    )
    is_from_client = ChoiceFilter(
        label=_("Origine"),
        choices=[("true", _("Déposé par le client")), ("false", _("Déposé par l’équipe"))],
        method="filter_origin",
    )
    held = ChoiceFilter(
        label=_("Antivirus"), choices=list(HELD.items()), field_name="latest__file__scan"
    )
    created_at = DateFromToRangeFilter(label=_("Créé le"), widget=DateRangePickerWidget)

    class Meta:
        model = ProjectDocument
        fields = [
            *("client", "project", "kind", "visibility", "tag", "author"),
            *("is_from_client", "held", "created_at"),
        ]

    def filter_kind(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(latest__file__content_type__in=TYPES_OF_KIND.get(value, []))

    def filter_tag(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(tags__contains=[" ".join(value.lower().split())])

    def filter_origin(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_from_client=value == "true")


class LibraryIndexView(RecordIndexView):
    """The list of the library: a word is looked for in documents, clients and projects alike."""

    is_searchable = True

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return queries.search_library(queryset, self.search_query)


class TagsColumn(PlainColumn):
    """The tags of a document, each leading to the others that have it."""

    def get_value(self, instance: Any) -> Any:
        pairs = ((tag, tag) for tag in instance.tags)
        return format_html_join(" ", '<a class="nx-tag" href="?tag={}">{}</a>', pairs)


class DocumentForm(WagtailAdminModelForm):
    """A document by hand: tags are written between commas."""

    tags = SimpleArrayField(
        forms.CharField(max_length=LONGEST_TAG),
        label=_("Étiquettes"),
        required=False,
        help_text=_("Séparées par des virgules. Le client ne les voit pas."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        project, record = cleaned.get("project"), self.instance
        if project and record.pk and record.client_id and project.client_id != record.client_id:
            self.add_error("project", services.OfAnotherClient.message)
        return cleaned


class ProjectDocumentViewSet(RecordViewSet):
    """Every document of every project of every client."""

    model = ProjectDocument
    icon = "doc-full"
    menu_label = _("Bibliothèque")
    add_label = _("Nouveau document")
    ordering = "-created_at"
    index_view_class = LibraryIndexView
    filterset_class = LibraryFilterSet
    has_bulk_actions = True
    list_display = [
        "title",
        Column("client", label=_("Client")),
        PlainColumn("place", label=_("Projet et dossier"), accessor=lambda row: _place_of(row)),
        PlainColumn("file", label=_("Fichier"), accessor=lambda row: _file_of(row)),
        StatusColumn(
            "visibility", label=_("Visibilité"), looks=VISIBILITIES, sort_key="visibility"
        ),
        TagsColumn("tags", label=_("Étiquettes")),
        PlainColumn("origin", label=_("Déposé par"), accessor=lambda row: _origin_of(row)),
        FrenchDateColumn("created_at", label=_("Créé le"), sort_key="created_at"),
    ]
    list_export = [
        *("title", "client.name", "project.title", "folder", "tags", "visibility"),
        *("latest.file.name", "latest.file.size", "created_at"),
    ]
    export_headings = {"latest.file.size": _("Taille (octets)")}
    export_filename = "documents"
    inspect_view_fields = [
        *("title", "client", "project", "folder", "tags", "visibility"),
        *("shared_at", "is_from_client", "created_at"),
    ]
    search_fields = ["search_norm", "project__title"]
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("project"),
            FieldRowPanel([FieldPanel("folder"), FieldPanel("visibility")]),
            FieldPanel("tags"),
        ],
        base_form_class=DocumentForm,
    )
    actions = (AddVersion, ShowToClient, KeepInternal, ShareByLink, RestoreVersion, CutLinks)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProjectDocument]:
        rows = ProjectDocument.objects.select_related(
            "project", "client", "latest__file", "latest__author"
        )
        return rows.defer(*HEAVY)

    def new_record(self, request: HttpRequest) -> ProjectDocument | None:
        """Start from the project that an address names, such as that of its own page."""
        key = request.GET.get("projet", "")
        project = (
            Project.objects.filter(pk=int(key)).first()
            if key.isdecimal() and len(key) < 18
            else None
        )
        return ProjectDocument(project=project) if project else None

    def url_after_save(self, record: ProjectDocument) -> str:
        """Lead to the deposit of the first version, which a new document lacks."""
        if record.versions.exists():
            return ""
        return reverse(self.get_url_name(AddVersion.name), args=[record.pk])

    def inspect_value(self, record: Any, name: str) -> Any:
        return (", ".join(record.tags) or "—") if name == "tags" else None

    def sections(self, record: ProjectDocument, request: HttpRequest) -> list[Section]:
        return [
            sections.preview_of(record),
            sections.versions_of(record),
            sections.people_of(record),
            sections.readings_of(record),
            sections.links_of(record),
        ]

    def saved(self, record: ProjectDocument, *, actor: object, is_new: bool) -> None:
        services.note_document(document=record, actor=actor, at=timezone.now())


def _place_of(row: ProjectDocument) -> str:
    return f"{row.project.title} / {row.folder}" if row.folder else row.project.title


def _file_of(row: ProjectDocument) -> Any:
    """Say what the latest file of a row is, and what holds it back."""
    if row.latest is None:
        return format_html('<span class="nx-late">{}</span>', _("aucun fichier"))
    file = row.latest.file
    text = f"{file.extension.upper()} · {file_size(file.size)} · v{row.latest.number}"
    if file.scan not in HELD:
        return text
    return format_html('{} <span class="nx-late">{}</span>', text, HELD[StoredFile.Scan(file.scan)])


def _origin_of(row: ProjectDocument) -> Any:
    if row.latest is not None and row.latest.author is not None:
        return row.latest.author
    return row.client.name if row.is_from_client else _("Équipe")


def download_version(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Hand over one version to whoever of the team may read documents."""
    version = _version(request, pk, number)
    services.note_download(version=version, actor=request.user, at=timezone.now(), shown=False)
    return download_response(request, version.file)


def preview_version(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Show one version in a page of its own, or in a frame of ours, where nothing of it runs."""
    version = _version(request, pk, number)
    services.note_download(version=version, actor=request.user, at=timezone.now(), shown=True)
    response = preview_response(request, version.file)
    let_own_pages_frame(response)
    return response


def _version(request: HttpRequest, pk: int, number: int) -> DocumentVersion:
    document = get_object_or_404(ProjectDocument, pk=pk)
    require_view(request.user, document)
    versions = DocumentVersion.objects.select_related("file", "document")
    return get_object_or_404(versions, document=document, number=number)


@hooks.register("register_admin_urls")
def file_addresses() -> list[Any]:
    start = "documents-de-projet/<int:pk>/v<int:number>/"
    return [
        path(start, download_version, name="documents_admin_download"),
        path(f"{start}apercu/", preview_version, name="documents_admin_preview"),
    ]
