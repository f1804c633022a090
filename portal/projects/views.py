"""Pages where a client follows projects."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core import hooks
from core.access.grants import grants_of
from core.access.roles import Grant
from core.access.views import (
    ClientPageMixin,
    ScopedActionView,
    ScopedDetailView,
    ScopedListView,
    ScopedTemplateView,
)
from portal.projects import current, feedback_queries, queries
from portal.projects.models import Project
from portal.projects.participation import may_take_part
from portal.projects.services.projects import choose_project

MANY = 6  # projects from which a search helps


class ProjectPageMixin(ClientPageMixin):
    """A page on projects: open to whoever follows all projects, or some."""

    grant = Grant.VIEW_PROJECTS
    nav_key = "projects"

    def is_open(self) -> bool:
        return super().is_open() or bool(grants_of(self.request.user).projects)

    def may_ask(self) -> bool:
        """Tell whether the person may write to the support."""
        return bool(grants_of(self.request.user).clients_with(Grant.OPEN_TICKETS))


class ProjectListView(ProjectPageMixin, ScopedListView):
    """The client's projects: running, or over."""

    model = Project
    template_name = "portal/projects/project_list.html"
    paginate_by = 24

    @cached_property
    def shows_over(self) -> bool:
        return self.request.GET.get("vue") == "archives"

    @cached_property
    def words(self) -> str:
        return self.request.GET.get("q", "").replace("\0", "").strip()[:100]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        running = Q(status__in=queries.RUNNING)
        rows = rows.exclude(running) if self.shows_over else rows.filter(running)
        if self.words:
            rows = rows.filter(title__icontains=self.words)
        return queries.with_milestones(rows.order_by("due_date", "id"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        counts = queries.project_counts(self.request.user)
        tab = "over" if self.shows_over else "running"
        return context | {
            "cards": queries.cards_of(context["object_list"]),
            "current": tab,
            "tabs": self._tabs(counts),
            "words": self.words,
            "is_long": counts[tab] > MANY,
        }

    def _tabs(self, counts: dict[str, int]) -> list[dict[str, Any]]:
        address = reverse("projects:list")
        places = [
            ("running", _("Actifs"), address),
            ("over", _("Archivés"), f"{address}?vue=archives"),
        ]
        return [
            {"key": key, "label": label, "url": url, "count": counts[key]}
            for key, label, url in places
        ]


class ProjectHeadMixin(ProjectPageMixin):
    """A page under the head of a project: its facts, its tabs."""

    section = "overview"

    def head_of(self, project: Project, steps: list[queries.Step]) -> dict[str, Any]:
        """Return what the head of a project shows."""
        return {
            "project": project,
            "card": queries.ProjectCard(project, [step.milestone for step in steps]),
            "team": queries.team_of(project),
            "tabs": self._tabs(project),
            "current": self.section,
            "may_write": self.may_ask(),
            "may_take_part": may_take_part(self.request.user, project),
        }

    def _tabs(self, project: Project) -> list[dict[str, Any]]:
        pk = project.pk
        places = [
            ("overview", _("Aperçu"), reverse("projects:detail", args=[pk])),
            ("roadmap", _("Feuille de route"), reverse("projects:roadmap", args=[pk])),
            ("tasks", _("Tâches"), f"{reverse('projects:tasks')}?projet={pk}"),
            ("documents", _("Documents"), f"{reverse('documents:list')}?projet={pk}"),
        ]
        return [{"key": key, "label": label, "url": url} for key, label, url in places]


class ProjectDetailView(ProjectHeadMixin, ScopedDetailView):
    """One project: what it is, where it stands, who works on it, what it delivers."""

    model = Project
    template_name = "portal/projects/project_detail.html"
    context_object_name = "project"

    def get_queryset(self) -> Any:
        return queries.with_head(super().get_queryset(), self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = queries.steps_of(self.object.milestones.all(), timezone.localdate())
        return super().get_context_data(
            **self.head_of(self.object, steps),
            steps=steps,
            panels=hooks.project_panels(self.request, self.object),
            lately=feedback_queries.lately(self.object, self.request.user),
            **kwargs,
        )


class CurrentProjectView(ProjectPageMixin, ScopedActionView):
    """The project that the person looks at: its own page, or the list when there is none."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        project = current.current_project(request)
        return redirect("projects:detail", project.pk) if project else redirect("projects:list")


class ChooseProjectView(ProjectPageMixin, ScopedTemplateView):
    """Choose the project that one looks at, among one's own."""

    template_name = "portal/projects/project_choose.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(current.by_choice(self.request.user)[:100])
        return super().get_context_data(projects=rows, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = request.POST.get("projet", "")
        pk = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
        project = self.visible_or_404(Project, pk=pk)
        choose_project(project=project, user=request.user, at=timezone.now())
        return redirect("projects:detail", project.pk)
