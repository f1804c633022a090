"""Pages where a client follows projects and tasks."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.grants import grants_of
from core.access.roles import Grant
from core.access.views import ClientPageMixin, ScopedDetailView, ScopedListView, ScopedTemplateView
from portal.projects import queries
from portal.projects.models import Project, Task


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
        counts = queries.project_counts(self.request.user)
        address = reverse("projects:list")
        return super().get_context_data(
            cards=queries.cards_of(rows[:100]),
            current="over" if shows_over else "running",
            tabs=[
                {
                    "key": "running",
                    "label": _("Actifs"),
                    "url": address,
                    "count": counts["running"],
                },
                {
                    "key": "over",
                    "label": _("Archivés"),
                    "url": f"{address}?vue=archives",
                    "count": counts["over"],
                },
            ],
            **kwargs,
        )


class ProjectDetailView(ProjectPageMixin, ScopedDetailView):
    """One project: what it is, where it stands, who works on it, what it delivers."""

    model = Project
    template_name = "portal/projects/project_detail.html"
    context_object_name = "project"
    section = "overview"

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("client")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project = self.object
        milestones = list(
            project.milestones.order_by("sort_order", "id").prefetch_related("deliverables")
        )
        team = project.team.visible_to(self.request.user).select_related("user").order_by("id")
        return super().get_context_data(
            card=queries.ProjectCard(project=project, milestones=milestones),
            milestones=[(row, *queries.GLYPHS[row.status]) for row in milestones],
            team=team,
            tabs=self._tabs(),
            current=self.section,
            **kwargs,
        )

    def _tabs(self) -> list[dict[str, Any]]:
        project = self.object
        tasks = f"{reverse('projects:tasks')}?projet={project.pk}"
        return [
            {
                "key": "overview",
                "label": _("Aperçu"),
                "url": reverse("projects:detail", args=[project.pk]),
            },
            {
                "key": "roadmap",
                "label": _("Feuille de route"),
                "url": reverse("projects:roadmap", args=[project.pk]),
            },
            {"key": "tasks", "label": _("Tâches"), "url": tasks},
        ]


class RoadmapView(ProjectDetailView):
    """The roadmap of a project: its milestones in order, grouped by version."""

    template_name = "portal/projects/roadmap.html"
    section = "roadmap"


class TaskListView(ProjectPageMixin, ScopedListView):
    """The client's tasks, as a list: theirs first to do, or all that are shared."""

    model = Task
    template_name = "portal/projects/task_list.html"
    context_object_name = "tasks"
    nav_key = "tasks"

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related("project", "assignee")
        rows = rows.annotate(
            steps=Count("checklist"),
            steps_done=Count("checklist", filter=Q(checklist__is_done=True)),
        )
        project = self.request.GET.get("projet", "")
        if project.isdigit():
            rows = rows.filter(project_id=int(project))
        if self.request.GET.get("qui") == "moi":
            rows = rows.filter(assignee=self.request.user)
        if self.request.GET.get("etat") == "faites":
            return rows.filter(status=Task.Status.DONE).order_by("-done_at", "-id")
        return rows.exclude(status=Task.Status.DONE).order_by("due_date", "-priority", "id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        projects = self.visible(Project).filter(status__in=queries.RUNNING).order_by("title")
        return context | {
            "rows": [(task, *queries.TASK_GLYPHS[task.status]) for task in context["tasks"]],
            "projects": projects,
            "chosen_project": self.request.GET.get("projet", ""),
            "chosen_who": self.request.GET.get("qui", ""),
            "chosen_state": self.request.GET.get("etat", ""),
            "today": timezone.localdate(),
        }


class TaskDetailView(ProjectPageMixin, ScopedDetailView):
    """One task: what is asked, by when, its steps and its words."""

    model = Task
    template_name = "portal/projects/task_detail.html"
    context_object_name = "task"
    nav_key = "tasks"

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("project", "assignee", "milestone")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        task = self.object
        glyph, tone = queries.TASK_GLYPHS[task.status]
        steps = list(task.checklist.order_by("sort_order", "id"))
        return super().get_context_data(
            glyph=glyph,
            tone=tone,
            steps=steps,
            steps_done=sum(step.is_done for step in steps),
            comments=task.comments.select_related("author").order_by("created_at"),
            today=timezone.localdate(),
            **kwargs,
        )
