"""Pages where a client reads tasks, as a board or as a list."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.access.views import ScopedDetailView, ScopedListView
from portal.projects import task_queries as queries
from portal.projects.models import Project, Task
from portal.projects.views import ProjectPageMixin

BOARD, LIST = "kanban", "liste"
STATES = {
    "a-faire": gettext_lazy("À faire"),
    "faites": gettext_lazy("Terminées"),
    "toutes": gettext_lazy("Toutes"),
}
LONGEST_MENU = 200


class TaskListView(ProjectPageMixin, ScopedListView):
    """The tasks shared with the client. Who does them, and how pressing, is the team's to say."""

    model = Task
    context_object_name = "tasks"
    nav_key = "tasks"

    @property
    def look(self) -> str:
        return LIST if self.request.GET.get("vue") == LIST else BOARD

    def get_template_names(self) -> list[str]:
        return [f"portal/projects/task_{'list' if self.look == LIST else 'board'}.html"]

    def get_queryset(self) -> QuerySet[Task]:
        rows = super().get_queryset()
        chosen = self.request.GET
        project = chosen.get("projet", "")
        if project.isdecimal() and len(project) < 19:
            rows = rows.filter(project_id=int(project))
        if chosen.get("qui") == "moi":
            rows = rows.filter(assignee=self.request.user)
        return self._in_state(queries.with_facts(rows)) if self.look == LIST else rows

    def _in_state(self, rows: QuerySet[Task]) -> QuerySet[Task]:
        state = self.request.GET.get("etat", "")
        if state == "faites":
            return rows.filter(status=Task.Status.DONE).order_by("-done_at", "-id")
        if state != "toutes":
            rows = rows.exclude(status=Task.Status.DONE)
        return rows.order_by("due_date", "-priority", "id")

    def paginate_queryset(self, queryset: Any, page_size: int) -> tuple:
        if self.look == BOARD:
            return None, None, [], False
        return super().paginate_queryset(queryset, page_size)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        projects = self.visible(Project).order_by("title", "id").values_list("pk", "title")
        found = {
            "projects": [(str(pk), title) for pk, title in projects[:LONGEST_MENU]],
            "chosen": {name: self.request.GET.get(name, "") for name in ("projet", "qui", "etat")},
            "states": STATES.items(),
            "look": self.look,
            "lead": _lead(queries.my_tasks(self.request), timezone.localdate()),
            "today": timezone.localdate(),
        }
        if self.look == BOARD:
            return context | found | {"columns": queries.board_of(self.get_queryset())}
        rows = [(task, *queries.TASK_GLYPHS[task.status]) for task in context["tasks"]]
        return context | found | {"rows": rows}


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
        done = sum(step.is_done for step in steps)
        return super().get_context_data(
            glyph=glyph,
            tone=tone,
            steps=steps,
            progress=_progress(done, len(steps)),
            comments=list(task.comments.select_related("author").order_by("created_at", "id")),
            today=timezone.localdate(),
            **kwargs,
        )


def _lead(mine: list[Task], today: date) -> str:
    """Say how many tasks are the reader's, and how many of them are late."""
    if not mine:
        return _("Aucune tâche ne vous est assignée.")
    if len(mine) == queries.MOST_MINE:
        return _("%(count)s tâches ou plus vous sont assignées.") % {"count": len(mine)}
    text = ngettext(
        "%(count)s tâche vous est assignée", "%(count)s tâches vous sont assignées", len(mine)
    ) % {"count": len(mine)}
    late = sum(task.due_date is not None and task.due_date < today for task in mine)
    if late:
        text += _(", dont %(late)s en retard") % {"late": late}
    return f"{text}."


def _progress(done: int, total: int) -> str:
    """Say how many steps of a task are done."""
    text = ngettext(
        "%(done)s étape faite sur %(total)s", "%(done)s étapes faites sur %(total)s", done
    )
    return text % {"done": done, "total": total}
