"""Pages where a client finds, reads and downloads documents."""

from typing import Any

from django.core.paginator import InvalidPage
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.access.grants import grants_of
from core.access.paging import LongPaginator
from core.access.roles import Grant
from core.access.views import (
    ClientPageMixin,
    ScopedActionView,
    ScopedDetailView,
    ScopedTemplateView,
)
from core.files.links import download_response
from portal.documents import previews, queries, services
from portal.documents.forms import LinkForm, TitleForm, VersionForm
from portal.documents.kinds import LABELS
from portal.documents.models import DocumentReading, DocumentVersion, ProjectDocument
from portal.documents.queries import Choice
from portal.documents.tree import tree_of
from portal.projects.models import Project

MOST_PROJECTS = 200
ON_A_PAGE = 50


class DocumentPageMixin(ClientPageMixin):
    """A page on documents: open to whoever follows projects."""

    grant = Grant.VIEW_PROJECTS
    nav_key = "documents"

    def is_open(self) -> bool:
        return super().is_open() or bool(grants_of(self.request.user).projects)


class DocumentListView(DocumentPageMixin, ScopedTemplateView):
    """What we wait for, and what is shared: in its folders, or as a list that one searches."""

    template_name = "portal/documents/document_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, at = self.request.user, timezone.now()
        choice = choice_of(self.request)
        projects = list(self.visible(Project).order_by("title", "id")[:MOST_PROJECTS])
        return super().get_context_data(
            choice=choice,
            projects=projects,
            kinds=LABELS.items(),
            tree=tree_of(user, choice.project_id, at) if choice.is_tree else None,
            page=None if choice.is_tree else self._page(choice, at),
            requests=self._requests(choice),
            takers={row.pk for row in projects if queries.takes_deposits(row, user)},
            may_answer=bool(grants_of(user).clients_with(Grant.TAKE_PART)),
            **kwargs,
        )

    def _page(self, choice: Choice, at: Any) -> Any:
        rows = queries.chosen_versions(self.request.user, choice, at)
        try:
            return LongPaginator(rows, ON_A_PAGE).page(self.request.GET.get("page", "1"))
        except InvalidPage as error:
            raise Http404 from error

    def _requests(self, choice: Choice) -> list[Any]:
        if not choice.is_tree:
            return []
        rows = queries.awaited_once(self.request)
        mine = [row for row in rows if choice.project_id in (None, row.project_id)]
        return queries.late_first(mine, timezone.localdate())


def choice_of(request: HttpRequest) -> Choice:
    """Return what the address asks for; what it says wrongly is left out."""
    asked = request.GET
    project, kind, sort = asked.get("projet", ""), asked.get("type", ""), asked.get("tri", "")
    return Choice(
        words=asked.get("q", "").replace("\0", "").strip()[:100],
        project_id=int(project) if project.isdecimal() and len(project) < 19 else None,
        kind=kind if kind in LABELS else "",
        sort=sort if sort in queries.SORTS else "",
        folder=asked["dossier"].replace("\0", "")[:100] if "dossier" in asked else None,
    )


class DocumentView(DocumentPageMixin, ScopedDetailView):
    """One document: its content, its versions, its links."""

    model = ProjectDocument
    template_name = "portal/documents/document_detail.html"
    context_object_name = "document"

    def get_queryset(self) -> Any:
        mine = DocumentReading.objects.filter(document=OuterRef("pk"), user=self.request.user)
        rows = super().get_queryset().select_related("project")
        return rows.annotate(read_up_to=Subquery(mine.values("number")[:1]))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        latest = self.versions[0].number if self.versions else 0
        if latest > (self.object.read_up_to or 0):
            services.note_reading(
                document=self.object, number=latest, actor=request.user, at=timezone.now()
            )
        if self.preview is not None:
            response["Content-Security-Policy"] = previews.policy_of_page()
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = document_context(self.request, self.object)
        self.versions, self.preview = context["versions"], context["preview"]
        return super().get_context_data(**{**context, **kwargs})


def document_context(request: HttpRequest, document: ProjectDocument) -> dict[str, Any]:
    """Return what the page of a document shows. Two queries."""
    rows = document.versions.select_related("file", "author").order_by("-number")
    versions = list(rows)
    may_act = document.client_id in grants_of(request.user).clients_with(Grant.TAKE_PART)
    return {
        "document": document,
        "versions": versions,
        "latest": versions[0] if versions else None,
        "preview": previews.preview_of(versions[0].file) if versions else None,
        "takes_deposits": queries.takes_deposits(document.project, request.user),
        "links": queries.links_of(document, timezone.now()) if may_act else [],
        "may_share": may_act and bool(versions),
        "version_form": VersionForm(),
        "title_form": TitleForm(initial={"title": document.title}),
        "link_form": LinkForm(),
        "nav_key": DocumentPageMixin.nav_key,
    }


class DownloadView(DocumentPageMixin, ScopedActionView):
    """Hand over one version of a document, or show it."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        versions = self.visible(DocumentVersion).select_related("file", "document__project")
        version = get_object_or_404(versions, document_id=pk, number=number)
        shown = request.GET.get("voir") == "1"
        if version.file.is_open and request.method == "GET":
            services.note_download(
                version=version, actor=request.user, at=timezone.now(), shown=shown
            )
        response = download_response(request, version.file, inline=shown)
        if shown and not response.has_header("Location"):
            previews.let_own_pages_frame(response)
        return response
