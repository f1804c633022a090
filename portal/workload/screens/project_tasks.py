"""The tasks of one project: one line to add, fields changed in place, moved up or down."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Table, TitleColumn

from core.access.row_guard import row_allows
from core.hooks import Section
from portal.projects.admin_screens.task_columns import DayColumn, InlineColumn, PersonColumn
from portal.projects.admin_screens.task_filters import staff
from portal.projects.models import Milestone, Project, Task
from portal.projects.services import team_tasks
from portal.workload.screens.parts import TeamPage, key_of

MOST_ROWS = 300
ORDER = (F("team_rank").asc(nulls_last=True), F("due_date").asc(nulls_last=True), "pk")


class QuickForm(forms.Form):
    """A task in one line."""

    title = forms.CharField(label=_("Nouvelle tâche"), max_length=300)
    assignee = forms.ModelChoiceField(
        label=_("Assignée à"), queryset=staff(), required=False, empty_label="—"
    )
    milestone = forms.ModelChoiceField(
        label=_("Jalon"), queryset=Milestone.objects.none(), required=False, empty_label="—"
    )
    due_date = forms.DateField(
        label=_("Échéance"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = project.milestones.order_by("sort_order", "pk")
        self.fields["milestone"].queryset = rows  # type: ignore[attr-defined]


class MoveColumn(InlineColumn):
    """Buttons that move a task up or down."""

    def render_cell_html(self, instance: Task, parent_context: Any) -> Any:
        request = parent_context["request"]
        return render_to_string("portal/workload/parts/move.html", {"task": instance}, request)


class ProjectTasksPage(TeamPage):
    """Every open task of a project; archived ones are in the list of all tasks."""

    model = Task
    header_icon = "tasks"
    template_name = "portal/workload/project_tasks.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk = kwargs["project_pk"]

    @property
    def project(self) -> Project:
        if not hasattr(self, "_project"):
            self._project = get_object_or_404(Project.objects.select_related("client"), pk=self.pk)
        return self._project

    def get_page_title(self) -> str:
        return _text("Tâches : %(project)s") % {"project": self.project}

    def tasks(self) -> Any:
        """Return the tasks of the project in the team's order."""
        rows = Task.objects.filter(project=self.project, archived_at=None)
        rows = rows.select_related("assignee", "milestone").defer("search_norm", "body")
        return rows.order_by(*ORDER)[:MOST_ROWS]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", QuickForm(project=self.project))
        rows = list(self.tasks())
        for row in rows:
            row.project = self.project
        return super().get_context_data(
            project=self.project,
            table=Table(_columns(self.may("change")), rows),
            has_rows=bool(rows),
            may_add=self.may("add"),
            list_url=f"{reverse('wagtailsnippets_projects_task:list')}?project={self.project.pk}",
            board_url=f"{reverse('tasks_board')}?project={self.project.pk}",
            calendar_url=f"{reverse('team_calendar')}?projet={self.project.pk}",
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "move" in request.POST:
            return self._move(request)
        if not self.may("add"):
            raise PermissionDenied
        form = QuickForm(request.POST, project=self.project)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            task = team_tasks.create_task(
                project=self.project, actor=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _text("Tâche ajoutée : %(task)s.") % {"task": task})
        return redirect(request.path)

    def _move(self, request: HttpRequest) -> HttpResponse:
        """Move a task one place up or down."""
        key = key_of(request.POST.get("task", ""))
        task = get_object_or_404(Task, pk=key or 0, project=self.project)
        if not self.may("change") or not row_allows(request.user, "change", task):
            raise PermissionDenied
        shown = [row.pk for row in self.tasks()]
        place = shown.index(task.pk) if task.pk in shown else 0
        above = place - 2 if request.POST["move"] == "up" else place + 1
        after = shown[min(above, len(shown) - 1)] if above >= 0 else None
        team_tasks.rank_task(task=task, shown=shown, after=after, actor=request.user)
        return redirect(f"{request.path}#tache-{task.pk}")


def _columns(may_change: bool) -> list[Any]:
    columns = [
        TitleColumn(
            "title",
            label=_("Titre"),
            get_url=lambda task: reverse("wagtailsnippets_projects_task:inspect", args=[task.pk]),
        ),
        MilestoneColumn("milestone", label=_("Jalon")),
        InlineColumn("status", label=_("Statut")),
        InlineColumn("priority", label=_("Priorité")),
        PersonColumn("assignee", label=_("Assignée à")),
        DayColumn("due_date", label=_("Échéance")),
    ]
    return [*columns, MoveColumn("move", label=_("Ordre"))] if may_change else columns


class MilestoneColumn(InlineColumn):
    """The milestone of a task, as it is."""

    def render_cell_html(self, instance: Task, parent_context: Any) -> Any:
        return format_html("<td>{}</td>", instance.milestone or "—")


@hooks.register("nourx_project_sections")
def tasks_of_project(project: Project) -> list[Section]:
    """Lead from a project to its tasks, its board and its calendar."""
    return [
        Section(
            title=_("Tâches"),
            empty=_("Ajoutez, rangez et changez les tâches du projet."),
            links=[
                (_("Tâches du projet"), reverse("project_tasks", args=[project.pk])),
                (_("Tableau"), f"{reverse('tasks_board')}?project={project.pk}"),
                (_("Calendrier"), f"{reverse('team_calendar')}?projet={project.pk}"),
            ],
            order=15,
        )
    ]


@hooks.register("register_admin_urls")
def project_tasks_address() -> list[Any]:
    return [
        path("projets/<int:project_pk>/taches/", ProjectTasksPage.as_view(), name="project_tasks")
    ]
