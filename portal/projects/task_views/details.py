"""One task: a page by its address, a dialog over the board, and the part that both share."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from core.access.grants import may
from core.access.roles import Grant
from core.access.views import ScopedActionView
from core.files.links import download_response
from portal.projects import task_queries
from portal.projects.models import Task, TaskAttachment
from portal.projects.services import tasks as services
from portal.projects.task_forms import CommentForm, FilesForm
from portal.projects.task_views.boards import MODAL, PANEL, aims_at, vary
from portal.projects.views import ProjectPageMixin


class TaskPageMixin(ProjectPageMixin):
    """What is done on one task, and how it shows afterwards."""

    nav_key = "tasks"
    request: HttpRequest

    def task_of(self, pk: int) -> Task:
        """Return the task, or answer 404."""
        rows = self.visible(Task).select_related("project", "assignee", "milestone")
        return get_object_or_404(rows, pk=pk)

    def show(self, task: Task, *, status: int = 200, **forms: Any) -> HttpResponse:
        """Draw a task: the part, the dialog or the page that was asked for."""
        context = {"nav_key": self.nav_key, **facts_of(self.request, task, **forms)}
        if aims_at(self.request, PANEL):
            template = "portal/projects/parts/task_panel.html"
        elif aims_at(self.request, MODAL):
            template = "portal/projects/parts/task_dialog.html"
        else:
            template = "portal/projects/task_detail.html"
        return vary(render(self.request, template, context, status=status))


class TaskDetailView(TaskPageMixin, ScopedActionView):
    """One task: what is asked, by when, its steps, its words and its files."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(self.task_of(pk), comment_form=CommentForm(initial=self.kept))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Refuse: each act of a client on a task has an address of its own."""
        self.task_of(pk)
        raise PermissionDenied("a task is not the client's to edit")


class TaskFileView(TaskPageMixin, ScopedActionView):
    """Hand over a file of a task."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
        rows = self.visible(TaskAttachment).select_related("file")
        row = get_object_or_404(rows, task_id=pk, pk=file)
        return download_response(request, row.file, inline=request.GET.get("voir") == "1")


def facts_of(
    request: HttpRequest,
    task: Task,
    *,
    comment_form: CommentForm | None = None,
    files_form: FilesForm | None = None,
) -> dict[str, Any]:
    """Return what the page of a task shows."""
    steps = list(task.checklist.order_by("sort_order", "id"))
    done = sum(step.is_done for step in steps)
    files = task_queries.files_of(task)
    glyph, tone = task_queries.TASK_GLYPHS[task.status]
    return {
        "task": task,
        "glyph": glyph,
        "tone": tone,
        "steps": steps,
        "done": done,
        "progress": _progress(done, len(steps)),
        "thread": task_queries.thread_of(task, files, _link),
        "files": [task_queries.file_facts(row, _link) for row in files if row.comment_id is None],
        "statuses": Task.Status.choices,
        "may_act": services.may_act(request.user, task),
        "may_write": may(request.user, Grant.TAKE_PART, task.client_id),
        "comment_form": comment_form or CommentForm(),
        "files_form": files_form or FilesForm(),
        "today": timezone.localdate(),
    }


def _link(row: TaskAttachment) -> str:
    return reverse("projects:task_file", args=[row.task_id, row.pk])


def _progress(done: int, total: int) -> str:
    """Say how many steps of a task are done."""
    text = ngettext(
        "%(done)s étape faite sur %(total)s", "%(done)s étapes faites sur %(total)s", done
    )
    return text % {"done": done, "total": total}
