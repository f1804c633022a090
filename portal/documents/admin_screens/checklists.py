"""Several documents asked at once, from a list that is kept."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList

from core.access.row_guard import policy_of
from core.backoffice.actions import RecordAction
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import FigureColumn, FrenchDateColumn
from core.backoffice.dates import DateInput
from core.backoffice.viewsets import RecordViewSet
from portal.documents import services
from portal.documents.models import DocumentRequest, RequestChecklist
from portal.documents.services.requests import lines_of
from portal.projects.models import Project

PROJECT = "projet"  # of the address


class ChecklistForm(WagtailAdminModelForm):
    """A list by hand: one document per line."""

    def clean_lines(self) -> str:
        lines_of(self.cleaned_data["lines"])
        return self.cleaned_data["lines"]


class AskForm(forms.Form):
    """To whom, for when, and the documents of the list, which may be changed first."""

    project = forms.ModelChoiceField(
        label=_("Projet"),
        queryset=Project.objects.all(),
        widget=RecordChooser(Project, icon="folder-open-inverse"),
    )
    due_date = forms.DateField(label=_("Pour le"), required=False, widget=DateInput)
    lines = forms.CharField(
        label=_("Documents demandés"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Un par ligne ; après « : », des précisions que le client lira."),
    )

    def clean_lines(self) -> list[tuple[str, str]]:
        return lines_of(self.cleaned_data["lines"])

    def clean_due_date(self) -> Any:
        day = self.cleaned_data["due_date"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("Cette date est passée."))
        return day


class AskList(RecordAction):
    """Ask a client for every document of a list."""

    name = "demander"
    label = _("Demander à un client")
    icon_name = "mail"
    permission = "view"
    is_main = True
    question = _(
        "Le client est prévenu une fois, et voit chaque document dans son espace. "
        "Ce qui est déjà attendu de ce projet n’est pas redemandé."
    )
    success = _("Documents demandés ; le client est prévenu.")
    form_class = AskForm

    @classmethod
    def may(cls, user: Any, record: RequestChecklist) -> bool:
        asks = policy_of(DocumentRequest).user_has_permission(user, "add")
        return asks and super().may(user, record)

    def get_initial(self) -> dict[str, Any]:
        project = self.request.GET.get(PROJECT, "")
        return {
            "project": int(project) if project.isdecimal() and len(project) < 18 else None,
            "due_date": timezone.localdate() + timedelta(days=self.object.days),
            "lines": self.object.lines,
        }

    def perform(self, record: RequestChecklist, actor: Any, **values: Any) -> Project:
        services.ask_documents(
            project=values["project"],
            items=values["lines"],
            due_date=values["due_date"],
            bundle=record.name,
            actor=actor,
            at=timezone.now(),
        )
        return values["project"]

    def get_record_url(self, done: Any = None) -> str:
        if isinstance(done, Project):
            name = DocumentRequest.snippet_viewset.get_url_name("list")
            return f"{reverse(name)}?project={done.pk}"
        return super().get_record_url(done)


class RequestChecklistViewSet(RecordViewSet):
    """Lists of documents that we ask for together."""

    model = RequestChecklist
    icon = "tasks"
    menu_label = _("Listes de documents")
    add_label = _("Nouvelle liste")
    ordering = "name"
    list_display = [
        "name",
        FigureColumn("count", label=_("Documents"), accessor=lambda row: _count(row)),
        FigureColumn("days", label=_("Délai (jours)")),
        FrenchDateColumn("updated_at", label=_("Modifiée le")),
    ]
    search_fields = ["name", "lines"]
    inspect_view_fields = ["name", "days", "lines"]
    bulk_delete_enabled = False
    edit_handler = ObjectList(
        [FieldRowPanel([FieldPanel("name"), FieldPanel("days")]), FieldPanel("lines")],
        base_form_class=ChecklistForm,
    )
    actions = (AskList,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RequestChecklist]:
        return RequestChecklist.objects.all()


def _count(row: RequestChecklist) -> int:
    return sum(bool(line.strip()) for line in row.lines.splitlines())
