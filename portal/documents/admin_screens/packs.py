"""The page of an archive that is being made, and its file, for who asked for it."""

from typing import Any

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks

from core.access.row_guard import policy_of
from core.ui.formats import file_size
from portal.documents import services
from portal.documents.models import DocumentPack, ProjectDocument

REFRESH = "3"  # seconds between two looks at an archive under way


def pack_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where an archive stands; the page looks again by itself until it is ready."""
    pack = _mine(request, pk)
    context = {
        "pack": pack,
        "size": file_size(pack.size),
        "page_title": _("Archive de documents"),
        "header_icon": "download",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Accueil")},
            {"url": _library(), "label": _("Bibliothèque")},
            {"url": "", "label": _("Archive de documents")},
        ],
        "library_url": _library(),
    }
    response = TemplateResponse(request, "portal/documents/admin/pack.html", context)
    if pack.made_at is None:
        response["Refresh"] = REFRESH
    return response


def pack_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand an archive over to who asked for it."""
    pack = _mine(request, pk)
    if pack.made_at is None or pack.expires_at is None or pack.expires_at <= timezone.now():
        raise Http404
    services.note_pack_taken(pack=pack, actor=request.user)
    name = f"documents-{timezone.localdate():%Y-%m-%d}.zip"
    stream = storages["private"].open(pack.key)
    response = FileResponse(stream, as_attachment=True, filename=name)
    response["Content-Length"] = str(pack.size)
    response["Cache-Control"] = "private, no-store"
    return response


def _mine(request: HttpRequest, pk: int) -> DocumentPack:
    """Return an archive to who asked for it, as long as they read documents; or answer 404."""
    if not policy_of(ProjectDocument).user_has_permission(request.user, "view"):
        raise Http404
    return get_object_or_404(DocumentPack, pk=pk, owner=request.user)


def _library() -> str:
    return reverse(ProjectDocument.snippet_viewset.get_url_name("list"))


@hooks.register("register_admin_urls")
def pack_addresses() -> list[Any]:
    return [
        path("documents/archives/<int:pk>/", pack_page, name="documents_pack"),
        path("documents/archives/<int:pk>/fichier/", pack_file, name="documents_pack_file"),
    ]
