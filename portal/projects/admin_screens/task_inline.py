"""Changing one field of a task from a list, and adding a task in one line."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from wagtail import hooks

from core.access.row_guard import policy_of, row_allows
from portal.projects.admin_screens.parts import is_late
from portal.projects.models import Task
from portal.projects.services import team_tasks
from portal.projects.services.tasks import StaleTask

FIELDS: dict[str, forms.Field] = {
    "status": forms.ChoiceField(choices=Task.Status.choices),
    "priority": forms.TypedChoiceField(choices=Task.Priority.choices, coerce=int),
    "assignee": forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1),
    "due_date": forms.DateField(required=False),
    "start_date": forms.DateField(required=False),
    "estimate": forms.IntegerField(min_value=0, max_value=60_000),
}


def stale_text(task: Task) -> str:
    """Say that somebody else was faster."""
    text = _("« %(task)s » a changé entre-temps : rien n’est enregistré. Relisez la ligne.")
    return text % {"task": task}


class InlineChange(View):
    """Change one field; answers with what the row says now, or why it was refused."""

    http_method_names = ["post"]
    model = Task

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policy_of(Task).user_has_permission(request.user, "change"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Task.objects.select_related("project", "assignee")
        task = get_object_or_404(rows, pk=pk)
        if not row_allows(request.user, "change", task):
            raise PermissionDenied
        try:
            row = team_tasks.change_task(
                task=task,
                values=self._values(),
                seen=self._seen(),
                actor=request.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            return self._refused(" ".join(error.messages), task, 422)
        except StaleTask as error:
            return self._refused(stale_text(task), error.task, 409)
        return JsonResponse(_facts(row))

    def _values(self) -> dict[str, Any]:
        name = self.request.POST.get("field", "")
        if name not in FIELDS:
            raise ValidationError(_("Ce champ ne se change pas ici."))
        value = FIELDS[name].clean(self.request.POST.get("value", ""))
        if name == "assignee" and value is not None:
            person = get_user_model().objects.filter(pk=value, is_active=True).first()
            if person is None:
                raise ValidationError(_("Cette personne n’est plus là."))
            value = person
        return {name: value}

    def _seen(self) -> int | None:
        seen = self.request.POST.get("seen", "")
        return int(seen) if seen.isdecimal() and len(seen) < 9 else None

    def _refused(self, text: str, task: Task, status: int) -> JsonResponse:
        return JsonResponse({"error": text, **_facts(task)}, status=status)


def _facts(task: Task) -> dict[str, Any]:
    """Return what controls of a row show."""
    return {
        "seen": task.version,
        "late": is_late(task),
        "values": {
            "status": task.status,
            "priority": task.priority,
            "assignee": task.assignee_id or "",
            "due_date": task.due_date.isoformat() if task.due_date else "",
        },
        "said": _("Enregistré : %(task)s.") % {"task": task},
    }


@hooks.register("register_admin_urls")
def inline_address() -> list[Any]:
    return [path("taches/<int:pk>/champ/", InlineChange.as_view(), name="task_inline")]
