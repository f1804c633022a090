"""Who reads the documents of each project, and what changes it: one page per project."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.access.grants import holders
from core.access.roles import Grant
from core.access.row_guard import policy_of
from core.search import search_text
from portal.documents import services
from portal.documents.models import ProjectDocument
from portal.projects.models import Project

PER_PAGE = 40
MOST_PEOPLE = 50


class AccessPage(WagtailAdminTemplateMixin, TemplateView):
    """Projects with what their client reads; or one project, document by document."""

    model = ProjectDocument
    permission = "view"
    page_title = _("Accès par projet")
    header_icon = "lock"
    template_name = "portal/documents/admin/access.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policy_of(self.model).user_has_permission(request.user, self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = self.request.GET.get("projet", "")
        project = _project(key) if key else None
        part = self._of_project(project) if project else self._projects()
        may = policy_of(self.model).user_has_permission(self.request.user, "change")
        return super().get_context_data(project=project, may_change=may, **part, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Show one document of a project to its client, or keep it to the team."""
        key = request.POST.get("document", "")
        document = get_object_or_404(
            ProjectDocument, pk=int(key) if key.isdecimal() and len(key) < 18 else 0
        )
        policy = policy_of(self.model)
        if not policy.user_has_permission_for_instance(request.user, "change", document):
            raise PermissionDenied
        wanted = request.POST.get("visibility", "")
        if wanted not in ProjectDocument.Visibility.values:
            raise Http404
        services.set_visibility(
            document=document, visibility=wanted, actor=request.user, at=timezone.now()
        )
        is_shown = wanted == ProjectDocument.Visibility.CLIENT
        text = _("Visible par le client : %(title)s.") if is_shown else _("Interne : %(title)s.")
        messages.success(request, text % {"title": document.title})
        return redirect(f"{reverse('documents_access')}?projet={document.project_id}")

    def _projects(self) -> dict[str, Any]:
        """Return a page of projects with how many documents their client reads. Four queries."""
        words = self.request.GET.get("q", "").replace("\0", "")[:100]
        rows: QuerySet[Project] = Project.objects.select_related("client")
        for word in search_text(words).split()[:8]:
            rows = rows.filter(Q(title__icontains=word) | Q(client__search_norm__contains=word))
        pages = Paginator(rows.only("title", "client__name", "status").order_by("-id"), PER_PAGE)
        page = pages.get_page(self.request.GET.get("p"))
        kinds = ProjectDocument.Visibility
        counts = ProjectDocument.objects.filter(project__in=[row.pk for row in page])
        found = {
            fact["project_id"]: fact
            for fact in counts.order_by()
            .values("project_id")
            .annotate(
                shared=Count("pk", filter=Q(visibility=kinds.CLIENT)),
                internal=Count("pk", filter=Q(visibility=kinds.INTERNAL)),
            )
        }
        nothing = {"shared": 0, "internal": 0}
        return {
            "words": words,
            "page": page,
            "rows": [(row, found.get(row.pk, nothing)) for row in page],
        }

    def _of_project(self, project: Project) -> dict[str, Any]:
        rows = ProjectDocument.objects.filter(project=project).select_related("latest__file")
        people = holders(Grant.VIEW_PROJECTS, project.client_id, project_id=project.pk)
        ordered = rows.defer("contents", "library_norm", "search_vector")
        pages = Paginator(ordered.order_by("visibility", "folder", "title", "pk"), PER_PAGE)
        page = pages.get_page(self.request.GET.get("p"))
        return {"page": page, "people": list(people[:MOST_PEOPLE])}


def _project(key: str) -> Project:
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return get_object_or_404(Project.objects.select_related("client"), pk=int(key))
