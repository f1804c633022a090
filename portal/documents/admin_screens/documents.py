"""Documents of projects: their versions, who reads them, the links that open them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from core.access.row_guard import require_view
from core.backoffice.actions import RecordAction
from core.backoffice.columns import FrenchDateColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet
from core.files.forms import AttachmentsField, AttachmentsInput
from core.files.links import download_response
from core.hooks import Section
from core.ui.formats import date_long, file_size, moment
from portal.documents import queries, services
from portal.documents.forms import LinkForm
from portal.documents.models import DocumentVersion, ProjectDocument, ShareLink

VISIBILITIES = {
    ProjectDocument.Visibility.CLIENT: StatusLook("done", "ok"),
    ProjectDocument.Visibility.INTERNAL: StatusLook("draft"),
}


class FileForm(forms.Form):
    """A file to add as the next version."""

    files = AttachmentsField(
        required=True,
        most=1,
        label=_("Fichier"),
        help_text=_("PDF, image, Office, texte ou ZIP."),
        widget=AttachmentsInput({"multiple": False}),
    )


class AddVersion(RecordAction):
    """Deposit the next version of a document."""

    name = "deposer"
    label = _("Déposer une version")
    icon_name = "upload"
    question = _(
        "Les versions précédentes restent lisibles dans l’historique. "
        "Si le document est partagé, le client est prévenu."
    )
    success = _("Version déposée.")
    form_class = FileForm

    def perform(self, record: ProjectDocument, actor: Any, **values: Any) -> None:
        [attachment] = values["files"]
        services.add_version(document=record, attachment=attachment, actor=actor, at=timezone.now())


class ShareByLink(RecordAction):
    """Make a link to the latest version, for somebody without an account."""

    name = "partager"
    label = _("Partager par lien")
    icon_name = "link"
    question = _(
        "Qui a le lien ouvre la dernière version, sans se connecter. Il ne s’affiche qu’une fois."
    )
    form_class = LinkForm
    address = ""

    @classmethod
    def is_offered(cls, record: ProjectDocument) -> bool:
        return record.is_shared

    def perform(self, record: ProjectDocument, actor: Any, **values: Any) -> None:
        version = record.versions.select_related("document").order_by("-number").first()
        if version is None:
            raise forms.ValidationError(_("Déposez d’abord une version."))
        _link, token = services.create_link(
            version=version,
            life=values["life"],
            is_single=values["is_single"],
            actor=actor,
            at=timezone.now(),
        )
        self.address = settings.BASE_URL + reverse("shared_document", args=[token])

    @property
    def success(self) -> Any:  # type: ignore[override]
        return _("Lien à copier maintenant : %(address)s") % {"address": self.address}


class CutLinks(RecordAction):
    """Have the links of a document open nothing any more."""

    name = "couper-les-liens"
    label = _("Couper les liens")
    icon_name = "cross"
    question = _("Les liens de partage de ce document ne s’ouvriront plus.")
    success = _("Liens coupés.")
    is_serious = True
    is_listed = False

    @classmethod
    def is_offered(cls, record: ProjectDocument) -> bool:
        return bool(queries.links_of(record, timezone.now()))

    def perform(self, record: ProjectDocument, actor: Any) -> None:
        services.revoke_links(document=record, actor=actor, at=timezone.now())


class ProjectDocumentViewSet(RecordViewSet):
    """Every document of every project."""

    model = ProjectDocument
    icon = "doc-full"
    menu_label = _("Documents")
    add_label = _("Nouveau document")
    ordering = "-created_at"
    list_display = [
        "title",
        Column("project", label=_("Projet")),
        Column("folder", label=_("Dossier")),
        StatusColumn("visibility", label=_("Visibilité"), looks=VISIBILITIES),
        Column("origin", label=_("Déposé par"), accessor=lambda row: _origin_of(row)),
        FrenchDateColumn("created_at", label=_("Créé le"), sort_key="created_at"),
    ]
    list_filter = ["visibility", "is_from_client"]
    inspect_view_fields = [
        "title",
        "client",
        "project",
        "folder",
        "visibility",
        "shared_at",
        "is_from_client",
        "created_at",
    ]
    search_fields = ["search_norm", "project__title"]
    panels = [
        FieldPanel("title"),
        FieldPanel("project"),
        FieldRowPanel([FieldPanel("folder"), FieldPanel("visibility")]),
    ]
    actions = (AddVersion, ShareByLink, CutLinks)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProjectDocument]:
        return ProjectDocument.objects.select_related("project", "client")

    def url_after_save(self, record: ProjectDocument) -> str:
        """Lead to the deposit of the first version, which a new document lacks."""
        if record.versions.exists():
            return ""
        return reverse(self.get_url_name(AddVersion.name), args=[record.pk])

    def sections(self, record: ProjectDocument, request: HttpRequest) -> list[Section]:
        return [_versions(record), _readers(record), _links(record)]

    def saved(self, record: ProjectDocument, *, actor: object, is_new: bool) -> None:
        services.note_document(document=record, actor=actor, at=timezone.now())


def _origin_of(row: ProjectDocument) -> Any:
    return row.client.name if row.is_from_client else _("Équipe")


def versions_section(rows: Iterable[DocumentVersion], *, title: Any, empty: Any) -> Section:
    """Return versions as a table of a page, in the order given, with their files."""
    return Section(
        title=title,
        headings=(
            _("Version"),
            _("Fichier"),
            _("Taille"),
            _("Antivirus"),
            _("Déposée le"),
            _("Par"),
        ),
        rows=[_version_cells(row) for row in rows],
        empty=empty,
    )


def _versions(record: ProjectDocument) -> Section:
    rows = record.versions.select_related("file", "author").order_by("-number")
    empty = _("Aucun fichier : déposez la première version.")
    return versions_section(rows, title=_("Versions"), empty=empty)


def _version_cells(version: DocumentVersion) -> tuple[Any, ...]:
    """Return a version as a row of a table, its file one click away."""
    address = reverse("documents_admin_download", args=[version.document_id, version.number])
    return (
        version.number,
        format_html('<a href="{}">{}</a>', address, version.file.name),
        file_size(version.file.size),
        version.file.get_scan_display(),
        date_long(timezone.localdate(version.created_at)),
        version.author or "",
    )


def _readers(record: ProjectDocument) -> Section:
    rows = record.readings.select_related("user").order_by("-read_at")
    now = timezone.localtime()
    return Section(
        title=_("Lu par"),
        headings=(_("Personne"), _("Version"), _("Ouvert")),
        rows=[(row.user, row.number, moment(timezone.localtime(row.read_at), now)) for row in rows],
        empty=_("Personne ne l’a encore ouvert."),
    )


def _links(record: ProjectDocument) -> Section:
    rows = ShareLink.objects.filter(version__document=record)
    now = timezone.now()
    return Section(
        title=_("Liens de partage"),
        headings=(_("Version"), _("Créé par"), _("Jusqu’au"), _("Ouvertures"), _("État")),
        rows=[_link_cells(row, now) for row in rows.select_related("version", "created_by")],
        empty=_("Aucun lien."),
    )


def _link_cells(link: ShareLink, now: Any) -> tuple[Any, ...]:
    ends = moment(timezone.localtime(link.ends_at), timezone.localtime(now))
    state = _("Ouvert") if link.is_live(now) else _("Fermé")
    return (link.version.number, link.created_by, ends, link.opens, state)


def download_version(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Hand over one version to whoever of the team may read documents."""
    document = get_object_or_404(ProjectDocument, pk=pk)
    require_view(request.user, document)
    versions = DocumentVersion.objects.select_related("file", "document")
    version = get_object_or_404(versions, document=document, number=number)
    services.note_download(version=version, actor=request.user, at=timezone.now(), shown=False)
    return download_response(request, version.file)


@hooks.register("register_admin_urls")
def download_address() -> list[Any]:
    return [
        path(
            "documents-de-projet/<int:pk>/v<int:number>/",
            download_version,
            name="documents_admin_download",
        )
    ]
