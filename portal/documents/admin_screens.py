"""The team's screens of documents."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
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
from wagtail.permissions import register_permission_policy

from core.access.policies import NeverDeletedPolicy, TeamPolicy
from core.access.row_guard import policy_of
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import FrenchDateColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet
from core.files.links import download_response
from core.hooks import Section
from core.ui.formats import date_long, file_size
from portal.documents import services
from portal.documents.models import DocumentRequest, DocumentVersion, ProjectDocument

register_permission_policy(ProjectDocument, NeverDeletedPolicy(ProjectDocument))
register_permission_policy(DocumentVersion, NeverDeletedPolicy(DocumentVersion))
register_permission_policy(DocumentRequest, TeamPolicy(DocumentRequest))

VISIBILITIES = {
    ProjectDocument.Visibility.CLIENT: StatusLook("done", "ok"),
    ProjectDocument.Visibility.INTERNAL: StatusLook("draft"),
}


class DepositForm(forms.Form):
    """A file to add as the next version."""

    file = forms.FileField(label=_("Fichier"), help_text=_("25 Mo au plus."))


class AddVersion(RecordAction):
    """Deposit the next version of a document."""

    name = "deposer"
    label = _("Déposer une version")
    icon_name = "upload"
    question = _("Les versions précédentes restent lisibles dans l’historique.")
    success = _("Version déposée.")
    form_class = DepositForm

    def perform(self, record: ProjectDocument, actor: Any, **values: Any) -> None:
        services.add_version(document=record, upload=values["file"], actor=actor, at=timezone.now())


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
        FrenchDateColumn("created_at", label=_("Créé le"), sort_key="created_at"),
    ]
    list_filter = ["visibility"]
    search_fields = ["title", "project__title"]
    panels = [
        FieldPanel("title"),
        FieldPanel("project"),
        FieldRowPanel([FieldPanel("folder"), FieldPanel("visibility")]),
    ]
    actions = (AddVersion,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProjectDocument]:
        return ProjectDocument.objects.select_related("project")

    def sections(self, record: ProjectDocument, request: HttpRequest) -> list[Section]:
        versions = record.versions.select_related("file", "author").order_by("-number")
        return [
            Section(
                title=_("Versions"),
                headings=(_("Version"), _("Fichier"), _("Taille"), _("Déposée le"), _("Par")),
                rows=[_version_cells(record, row) for row in versions],
                empty=_("Aucun fichier : déposez la première version."),
            )
        ]

    def saved(self, record: ProjectDocument, *, actor: object, is_new: bool) -> None:
        services.note_document(document=record, actor=actor, at=timezone.now())


def _version_cells(document: ProjectDocument, version: DocumentVersion) -> tuple[Any, ...]:
    address = reverse("documents_admin_download", args=[document.pk, version.number])
    return (
        version.number,
        format_html('<a href="{}">{}</a>', address, version.file.name),
        file_size(version.file.size),
        date_long(timezone.localdate(version.created_at)),
        version.author or "",
    )


def download_version(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Hand over one version to whoever of the team may read documents."""
    policy = policy_of(ProjectDocument)
    document = get_object_or_404(ProjectDocument, pk=pk)
    if not policy.user_has_permission_for_instance(request.user, "view", document):
        raise PermissionDenied
    versions = DocumentVersion.objects.select_related("file")
    version = get_object_or_404(versions, document=document, number=number)
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


class DocumentRequestViewSet(RecordViewSet):
    """Documents that we ask of clients."""

    model = DocumentRequest
    icon = "help"
    menu_label = _("Documents attendus")
    add_label = _("Demander un document")
    ordering = "-id"
    list_display = [
        "title",
        Column("project", label=_("Projet")),
        FrenchDateColumn("due_date", label=_("Pour le")),
        FrenchDateColumn("fulfilled_at", label=_("Reçu le")),
    ]
    search_fields = ["title", "project__title"]
    panels = [
        FieldPanel("project"),
        FieldPanel("title"),
        FieldPanel("detail"),
        FieldPanel("due_date"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentRequest]:
        return DocumentRequest.objects.select_related("project")


menu.add("documents", ProjectDocumentViewSet, order=10)
menu.add("documents", DocumentRequestViewSet, order=20)
