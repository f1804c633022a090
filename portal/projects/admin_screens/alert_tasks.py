"""A task made of an alert of the home page."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.accounts.models import User
from core.backoffice.alerts import LONGEST_KEY, keep_follow_up
from core.backoffice.choosers import RecordChooser
from core.backoffice.dates import DateInput
from portal.projects.models import Project, Task
from portal.projects.services.team_tasks import create_task

RIGHT = "projects.add_task"
NAME = "projects_alert_task"
DAYS_GIVEN = 2


class AlertTaskForm(forms.Form):
    """What to do, in which project, by whom and when."""

    title = forms.CharField(label=_("Tâche"), max_length=300)
    project = forms.ModelChoiceField(
        label=_("Projet"),
        queryset=Project.objects.all(),
        widget=RecordChooser(Project, icon="folder-open-inverse"),
    )
    assignee = forms.ModelChoiceField(
        label=_("Confiée à"),
        queryset=User.objects.filter(is_staff=True, is_active=True).order_by("last_name"),
        required=False,
        empty_label=_("Personne encore"),
    )
    due_date = forms.DateField(label=_("Échéance"), required=False, widget=DateInput)
    priority = forms.TypedChoiceField(
        label=_("Priorité"), choices=Task.Priority.choices, coerce=int, initial=Task.Priority.HIGH
    )
    body = forms.CharField(
        label=_("Détail"), required=False, max_length=5000, widget=forms.Textarea({"rows": 4})
    )


class AlertTaskView(WagtailAdminTemplateMixin, FormView):
    """Make a task of an alert: its title and its project are filled in."""

    form_class = AlertTaskForm
    template_name = "core/backoffice/form.html"
    submit_label = _("Créer la tâche")
    page_title = _("En faire une tâche")
    header_icon = "tasks"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home = {"url": reverse("nourx_alerts"), "label": _text("Alertes")}
        return [*self.breadcrumbs_items, home, {"url": "", "label": self.get_page_title()}]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        link = asked.get("lien", "")
        return {
            "title": asked.get("titre", "")[:300],
            "project": self._project(),
            "assignee": self.request.user.pk,
            "due_date": timezone.localdate() + timedelta(days=DAYS_GIVEN),
            "priority": Task.Priority.HIGH,
            "body": self.request.build_absolute_uri(link) if link.startswith("/admin/") else "",
        }

    def _project(self) -> int | None:
        """Return the project of the alert, or the only one under way of its client."""
        asked = self.request.GET
        found = Q(pk=_number(asked.get("projet", "")))
        if not asked.get("projet"):
            found = Q(client=_number(asked.get("client", "")), status=Project.Status.ACTIVE)
        ids = list(Project.objects.filter(found).values_list("pk", flat=True)[:2])
        return ids[0] if len(ids) == 1 else None

    def form_valid(self, form: AlertTaskForm) -> HttpResponse:
        at, actor = timezone.now(), self.request.user
        key = self.request.GET.get("alerte", "")[:LONGEST_KEY]
        try:
            with transaction.atomic():
                task = create_task(**form.cleaned_data, actor=actor, at=at)
                url = reverse("wagtailsnippets_projects_task:inspect", args=[task.pk])
                keep_follow_up(key=key, task=task, url=url, actor=actor, at=at)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _text("Tâche créée : %s.") % task)
        return redirect("wagtailadmin_home")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


@hooks.register("register_admin_urls")
def alert_task_address() -> list[Any]:
    return [path("alertes/tache/", AlertTaskView.as_view(), name=NAME)]


@hooks.register("nourx_alert_task_page")
def alert_task_page(request: HttpRequest) -> list[str]:
    return [reverse(NAME)] if request.user.has_perm(RIGHT) else []
