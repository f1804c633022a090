"""Pages where a client reads the documents of projects."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from core.access.grants import grants_of
from core.access.roles import Grant
from core.access.views import ClientPageMixin, ScopedActionView, ScopedTemplateView
from core.files.links import download_response
from portal.documents import queries
from portal.documents.models import DocumentRequest, DocumentVersion

MOST_ASKED = 100


class DocumentPageMixin(ClientPageMixin):
    """A page on documents: open to whoever follows projects."""

    grant = Grant.VIEW_PROJECTS
    nav_key = "documents"

    def is_open(self) -> bool:
        return super().is_open() or bool(grants_of(self.request.user).projects)


class DocumentListView(DocumentPageMixin, ScopedTemplateView):
    """What was shared with the client, project by project, and what we wait for."""

    template_name = "portal/documents/document_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.request.GET.get("projet", "")
        project_id = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else None
        requests = self.visible(DocumentRequest).filter(fulfilled_at=None)
        if project_id is not None:
            requests = requests.filter(project_id=project_id)
        requests = requests.select_related("project").order_by("due_date", "id")
        return super().get_context_data(
            folders=queries.folders_of(self.request.user, project_id),
            requests=list(requests[:MOST_ASKED]),
            is_filtered=project_id is not None,
            **kwargs,
        )


class DownloadView(DocumentPageMixin, ScopedActionView):
    """Hand over one version of a document."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        versions = self.visible(DocumentVersion).select_related("file")
        version = get_object_or_404(versions, document_id=pk, number=number)
        inline = request.GET.get("voir") == "1"
        return download_response(request, version.file, inline=inline)
