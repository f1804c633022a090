"""Changing many tasks at once: those ticked, or all that the list shows with its filters."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.accounts.models import User
from core.backoffice.bulk import RecordBulkAction
from core.backoffice.dates import DateInput
from core.backoffice.undo import offer
from core.desk.undo import Change, declare_undo, remember
from portal.projects.admin_screens.task_filters import staff
from portal.projects.models import Task
from portal.projects.services import team_tasks
from portal.projects.services.team_tasks import LONGEST_SHIFT, Edition

UNASKED = 100  # more than so many: the count is asked for
MOST_NAMED = 20
AS_IS = ("", _("Ne pas changer"))


class EditionForm(forms.Form):
    """What chosen tasks become; what stays empty does not change."""

    assignee = forms.ChoiceField(label=_("Assigner à"), required=False)
    status = forms.ChoiceField(
        label=_("Statut"), required=False, choices=[AS_IS, *Task.Status.choices]
    )
    priority = forms.TypedChoiceField(
        label=_("Priorité"), required=False, coerce=int, choices=[AS_IS, *Task.Priority.choices]
    )
    due_date = forms.DateField(label=_("Échéance"), required=False, widget=DateInput)
    shift_days = forms.IntegerField(
        label=_("Décaler les dates (jours)"),
        required=False,
        min_value=-LONGEST_SHIFT,
        max_value=LONGEST_SHIFT,
        help_text=_("Début et échéance ; un nombre négatif les avance."),
    )
    archive = forms.ChoiceField(
        label=_("Archives"),
        required=False,
        choices=[AS_IS, ("oui", _("Archiver")), ("non", _("Sortir des archives"))],
    )
    count = forms.IntegerField(label=_("Combien de tâches changent ?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in staff()}
        names = [(key, str(person)) for key, person in self.people.items()]
        self.fields["assignee"].choices = [AS_IS, ("personne", _("Personne")), *names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("due_date") and cleaned.get("shift_days"):
            raise ValidationError(_text("Donnez une échéance ou un décalage, pas les deux."))
        if not self.errors and self.edition().is_empty:
            raise ValidationError(_text("Dites au moins ce qui change."))
        return cleaned

    def edition(self) -> Edition:
        """Return what the form asks for."""
        cleaned = self.cleaned_data
        values = {
            name: cleaned[name] for name in ("status", "priority", "due_date") if cleaned.get(name)
        }
        if cleaned.get("assignee"):
            values["assignee"] = self.people.get(cleaned["assignee"])
        archive = {"oui": True, "non": False}.get(cleaned.get("archive") or "")
        return Edition(values=values, shift_days=cleaned.get("shift_days") or 0, archive=archive)


def _facts(task: Task) -> dict[str, Any]:
    """Return what many tasks may have changed of one, as plain values."""
    return {
        "status": task.status,
        "priority": task.priority,
        "assignee": task.assignee_id,
        "start_date": task.start_date and task.start_date.isoformat(),
        "due_date": task.due_date and task.due_date.isoformat(),
        "is_archived": task.archived_at is not None,
    }


def _put_back(task: Task, facts: dict[str, Any], actor: Any) -> None:
    at, days = timezone.now(), ("start_date", "due_date")
    values = {name: facts[name] for name in ("status", "priority")}
    values |= {name: facts[name] and date.fromisoformat(facts[name]) for name in days}
    values["assignee"] = User.objects.filter(pk=facts["assignee"]).first()
    team_tasks.change_task(task=task, values=values, actor=actor, at=at)
    team_tasks.archive_task(task=task, is_archived=facts["is_archived"], actor=actor, at=at)


declare_undo(
    "task_fields", model=Task, read=_facts, put_back=_put_back, refusals=(ValidationError,)
)


class EditMany(RecordBulkAction):
    """Changes chosen tasks alike; the page says how many, and asks it above a hundred."""

    models = [Task]
    permission = "change"
    action_type = "modifier"
    display_name = _("Modifier")
    aria_label = _("Modifier les tâches choisies")
    template_name = "portal/projects/backoffice/bulk_tasks.html"
    form_class = EditionForm
    action_priority = 5
    kept: Any = None  # what may be taken back

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> Any:
        keys = [key for key in object_ids if str(key).isdecimal() and len(str(key)) < 18]
        return Task.objects.filter(pk__in=keys).select_related("project", "assignee")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        found = context["items"]
        return {
            **context,
            "action": self,
            "total": len(found),
            "named": found[:MOST_NAMED],
            "more": max(len(found) - MOST_NAMED, 0),
            "asks_count": len(found) > UNASKED,
        }

    def object_context(self, obj: Task) -> dict[str, Any]:
        return {"item": obj}

    def prepare_action(self, objects: list[Task], without: Any) -> HttpResponse | None:
        form = self.cleaned_form
        if len(objects) > UNASKED and form.cleaned_data.get("count") != len(objects):
            text = _text("Écrivez %(count)s pour confirmer : c’est le nombre de tâches choisies.")
            form.add_error("count", text % {"count": len(objects)})
            return self.form_invalid(form)
        return None

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        view, at = kwargs["self"], timezone.now()
        before = {task.pk: _facts(task) for task in objects}
        done, refused = team_tasks.edit_tasks(
            tasks=objects, edition=view.cleaned_form.edition(), actor=view.request.user, at=at
        )
        after = Task.objects.filter(pk__in=before)
        view.kept = remember(
            "task_fields",
            actor=view.request.user,
            label=told(done),
            rows=[Change(task.pk, before[task.pk], _facts(task)) for task in after],
            at=at,
        )
        for task, reason in refused[:MOST_NAMED]:
            messages.warning(view.request, f"{task}\u00a0: {reason}")
        return done, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> None:
        """Say how many changed, with the button that takes it back."""
        offer(self.request, told(num_parent_objects), self.kept, back=self.next_url)


def told(count: int) -> str:
    """Return how many tasks changed, in words."""
    text = ngettext("%(count)s tâche a changé.", "%(count)s tâches ont changé.", count)
    return text % {"count": count}
