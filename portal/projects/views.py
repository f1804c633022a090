"""Pages where a client follows projects."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.grants import grants_of
from core.access.roles import Grant
from core.access.views import ClientPageMixin, ScopedDetailView, ScopedTemplateView
from portal.projects import queries, roadmap
from portal.projects.models import Project


class ProjectPageMixin(ClientPageMixin):
    """A page on projects: open to whoever follows all projects, or some."""

    grant = Grant.VIEW_PROJECTS
    nav_key = "projects"

    def is_open(self) -> bool:
        return super().is_open() or bool(grants_of(self.request.user).projects)


class ProjectListView(ProjectPageMixin, ScopedTemplateView):
    """The client's projects: running, or over."""

    template_name = "portal/projects/project_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shows_over = self.request.GET.get("vue") == "archives"
        rows = self.visible(Project).order_by("due_date", "id")
        running = Q(status__in=queries.RUNNING)
        rows = rows.exclude(running) if shows_over else rows.filter(running)
        return super().get_context_data(
            cards=queries.cards_of(rows[:100]),
            current="over" if shows_over else "running",
            tabs=self._tabs(queries.project_counts(self.request.user)),
            **kwargs,
        )

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


class ProjectDetailView(ProjectPageMixin, ScopedDetailView):
    """One project: what it is, where it stands, who works on it, what it delivers."""

    model = Project
    template_name = "portal/projects/project_detail.html"
    context_object_name = "project"
    section = "overview"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project, user = self.object, self.request.user
        self.steps = queries.steps_of(project)
        milestones = [step.milestone for step in self.steps]
        return super().get_context_data(
            card=queries.ProjectCard(project=project, milestones=milestones),
            steps=self.steps,
            team=list(project.team.visible_to(user).select_related("user").order_by("id")),
            tabs=self._tabs(),
            current=self.section,
            may_write=bool(grants_of(user).clients_with(Grant.OPEN_TICKETS)),
            **kwargs,
        )

    def _tabs(self) -> list[dict[str, Any]]:
        pk = self.object.pk
        places = [
            ("overview", _("Aperçu"), reverse("projects:detail", args=[pk])),
            ("roadmap", _("Feuille de route"), reverse("projects:roadmap", args=[pk])),
            ("tasks", _("Tâches"), f"{reverse('projects:tasks')}?projet={pk}"),
            ("documents", _("Documents"), f"{reverse('documents:list')}?projet={pk}"),
        ]
        return [{"key": key, "label": label, "url": url} for key, label, url in places]


class RoadmapView(ProjectDetailView):
    """The roadmap of a project: a chart, then its milestones in order, both by version."""

    template_name = "portal/projects/roadmap.html"
    section = "roadmap"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        milestones = [step.milestone for step in self.steps]
        steps = {step.milestone.pk: step for step in self.steps}
        return context | {
            "chart": roadmap.chart_of(milestones, timezone.localdate()),
            "versions": [
                (name, [steps[row.pk] for row in rows])
                for name, rows in roadmap.by_version(milestones)
            ],
        }
