"""What a client does to a task: move it, tick a step, write, join a file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from core.access.kept_forms import form_page
from core.access.spaces import FIELD as SPACE
from core.access.submissions import FIELD
from core.access.views import OnceOnlyMixin, ScopedActionView
from portal.projects.models import ChecklistItem, Task
from portal.projects.services import tasks as services
from portal.projects.task_forms import CommentForm, FilesForm, MoveForm, QuickCommentForm
from portal.projects.task_views.boards import MODAL, PANEL, REGION, aims_at, region_response
from portal.projects.task_views.details import TaskPageMixin

ALWAYS = ("csrfmiddlewaretoken", FIELD, SPACE)
CHANGED = "nx:changed"  # tells the board under a dialog to read itself again


class TaskActView(OnceOnlyMixin, TaskPageMixin, ScopedActionView):
    """An act on a task; its address read with GET leads to the task."""

    def get(self, request: HttpRequest, pk: int, **_kwargs: Any) -> HttpResponseBase:
        return redirect("projects:task", self.task_of(pk).pk)

    def done(self, task: Task, text: str, *, tone: str = "", written: int = 0) -> HttpResponseBase:
        """Answer with what the person was looking at, and say what was done."""
        if aims_at(self.request, REGION):
            response: HttpResponse = region_response(self.request, written=written)
        elif aims_at(self.request, PANEL) or aims_at(self.request, MODAL):
            response = self.show(self.task_of(task.pk))
            trigger_client_event(response, CHANGED, {})
        else:
            level = messages.WARNING if tone else messages.SUCCESS
            messages.add_message(self.request, level, text)
            return redirect(form_page(self.request))
        return trigger_client_event(response, "nx:toast", {"text": text, "tone": tone})


class MoveTaskView(TaskActView):
    """Move a task to another column, or within its own."""

    def take(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        task = self.task_of(pk)
        services.refuse_fields(request.POST, (*ALWAYS, *MoveForm.base_fields))
        form = MoveForm(request.POST)
        if not form.is_valid():
            return HttpResponse(_("Cet état n’existe pas."), status=422)
        try:
            moved = services.move_task(
                task=task, actor=request.user, at=timezone.now(), **form.cleaned_data
            )
        except services.StaleTask as refusal:
            state = refusal.task.get_status_display()
            text = _("Cette tâche a changé entre-temps : elle est dans « %(state)s ».")
            return self.done(task, text % {"state": state}, tone="warn")
        text = _("Tâche déplacée dans « %(state)s ».") % {"state": moved.get_status_display()}
        return self.done(task, text)


class TickStepView(TaskActView):
    """Tick a step of a task, or untick it."""

    def take(self, request: HttpRequest, pk: int, step: int) -> HttpResponseBase:
        task = self.task_of(pk)
        services.refuse_fields(request.POST, (*ALWAYS, "fait"))
        rows = self.visible(ChecklistItem).select_related("task")
        row = get_object_or_404(rows, task_id=pk, pk=step)
        is_done = request.POST.get("fait") == "1"
        services.tick_step(step=row, is_done=is_done, actor=request.user)
        return self.done(task, _("Étape faite.") if is_done else _("Étape à refaire."))


class CommentTaskView(TaskActView):
    """Write on a task: from its page, its dialog, or its card on the board."""

    def get(self, request: HttpRequest, pk: int, **_kwargs: Any) -> HttpResponseBase:
        task = self.task_of(pk)
        if not aims_at(request, f"write-{pk}"):
            return redirect(reverse("projects:task", args=[pk]) + "#ecrire")
        return self._card_form(task, QuickCommentForm())

    def take(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        task = self.task_of(pk)
        on_card = aims_at(request, REGION)
        services.refuse_fields(request.POST, (*ALWAYS, *CommentForm.base_fields, "uploads"))
        form = (
            QuickCommentForm(request.POST) if on_card else CommentForm(request.POST, request.FILES)
        )
        if form.is_valid() and self._kept(task, form):
            return self.done(task, _("Message envoyé."), written=task.pk)
        return self._card_form(task, form) if on_card else self._again(task, form)

    def _kept(self, task: Task, form: Any) -> bool:
        try:
            services.add_comment(
                task=task, actor=self.request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as refusal:
            form.add_error("files", refusal.messages[0])
            return False
        return True

    def _again(self, task: Task, form: CommentForm) -> HttpResponse:
        return self.show(task, comment_form=form, status=422)

    def _card_form(self, task: Task, form: QuickCommentForm) -> HttpResponse:
        context = {"task": task, "form": form}
        status = 422 if form.is_bound else 200
        return render(self.request, "portal/projects/parts/task_quick.html", context, status=status)


class JoinFilesView(TaskActView):
    """Join files to a task."""

    def take(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        task = self.task_of(pk)
        services.refuse_fields(request.POST, (*ALWAYS, "files", "uploads"))
        form = FilesForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(task, files_form=form, status=422)
        try:
            services.attach_files(task=task, actor=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error("files", refusal.messages[0])
            return self.show(task, files_form=form, status=422)
        return self.done(task, _("Fichiers joints à la tâche."))
