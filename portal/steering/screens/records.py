"""The team's screens of risks, of templates of projects, and of the limits of the board."""

from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column

from core.accounts.models import Client, User
from core.audit.log import record as log
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import FigureColumn, FrenchDateColumn, StatusColumn, StatusLook
from core.backoffice.dates import DateInput
from core.backoffice.pages import readable
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section
from portal.projects.admin_screens.parts import chooser_of
from portal.projects.models import Project
from portal.steering.models import ProjectTemplate, Risk, StatusLimit
from portal.steering.services import templates

RISK_LOOKS = {
    Risk.Status.OPEN: StatusLook("todo", "warn"),
    Risk.Status.HAPPENED: StatusLook("late", "bad"),
    Risk.Status.CLOSED: StatusLook("done", "ok"),
}


class RiskFilterSet(WagtailFilterSet):
    """How risks are filtered."""

    project = chooser_of(Project, _("Projet"), "project")
    situation = ChoiceFilter(
        label=_("Situation"), choices=[("revoir", _("À revoir"))], method="keep_to_review"
    )

    class Meta:
        model = Risk
        fields = ["status", "project"]

    def keep_to_review(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Keep the open risks whose day of review has come."""
        return rows.filter(status=Risk.Status.OPEN, review_on__lte=timezone.localdate())


class RiskViewSet(RecordViewSet):
    """What may go wrong on projects, the worst first."""

    model = Risk
    icon = "warning"
    menu_label = _("Risques")
    add_label = _("Nouveau risque")
    ordering = "-score"
    list_display = [
        "title",
        Column("project", label=_("Projet")),
        FigureColumn("score", label=_("Criticité sur 9"), sort_key="score"),
        Column("owner", label=_("Suivi par")),
        FrenchDateColumn(
            "review_on",
            label=_("À revoir"),
            sort_key="review_on",
            is_late=lambda row: row.is_to_review(timezone.localdate()),
        ),
        StatusColumn("status", label=_("Statut"), looks=RISK_LOOKS),
    ]
    filterset_class = RiskFilterSet
    search_fields = ["title", "project__title"]
    list_export = [
        "title", "project", "probability", "impact", "score", "owner", "review_on", "status",
        "mitigation",
    ]  # fmt: skip
    export_filename = "risques"
    inspect_view_fields = [
        "project", "probability", "impact", "score", "owner", "review_on", "status", "is_told",
        "mitigation",
    ]  # fmt: skip
    panels = [
        FieldPanel("title"),
        FieldPanel("project"),
        FieldRowPanel([FieldPanel("probability"), FieldPanel("impact"), FieldPanel("status")]),
        FieldRowPanel([FieldPanel("owner"), FieldPanel("review_on")]),
        FieldPanel("mitigation"),
        FieldPanel("is_told"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Risk]:
        return Risk.objects.select_related("project", "owner")

    def new_record(self, request: HttpRequest) -> Risk:
        """Start from the project that the address names."""
        asked = request.GET.get("projet", "")
        known = asked.isdecimal() and len(asked) < 18
        project = Project.objects.filter(pk=asked).first() if known else None
        return Risk(project=project) if project else Risk()

    def saved(self, record: Risk, *, actor: Any, is_new: bool) -> None:
        log("risk_saved", record, actor=actor, status=record.status)

    def url_after_save(self, record: Risk) -> str:
        return reverse("wagtailsnippets_projects_project:inspect", args=[record.project_id])


class TemplateForm(WagtailAdminModelForm):
    """Refuses a task that names no step of its template."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        formsets = getattr(self, "formsets", {})
        if not {"milestones", "tasks"} <= set(formsets):
            return cleaned
        titles = {
            form.cleaned_data.get("title")
            for form in formsets["milestones"].forms
            if form.is_valid() and not form.cleaned_data.get("DELETE")
        }
        for form in formsets["tasks"].forms:
            named = form.cleaned_data.get("milestone") if form.is_valid() else ""
            if named and named not in titles:
                form.add_error("milestone", _text("Aucun jalon du modèle ne porte ce titre."))
                self.add_error(None, _text("Une tâche nomme un jalon qui n’est pas du modèle."))
        return cleaned


class StartForm(forms.Form):
    """For whom, from which day, and who leads it."""

    client = forms.ModelChoiceField(
        label=_("Client"), queryset=Client.objects.all(), widget=RecordChooser(Client)
    )
    title = forms.CharField(label=_("Titre du projet"), max_length=300)
    on = forms.DateField(label=_("Commence le"), widget=DateInput)
    lead = forms.ModelChoiceField(
        label=_("Chef de projet"),
        queryset=User.objects.filter(is_staff=True, is_active=True),
        required=False,
    )
    asks_documents = forms.BooleanField(
        label=_("Demander tout de suite les documents au client"), required=False, initial=True
    )


class StartProject(RecordAction):
    """Makes a project of a template."""

    name = "demarrer"
    label = _("Créer un projet")
    icon_name = "plus"
    is_main = True
    question = _("Les dates se comptent en jours ouvrés depuis le premier jour.")
    success = _("Projet créé.")
    form_class = StartForm

    def get_initial(self) -> dict[str, Any]:
        return {
            "title": self.object.name,
            "on": timezone.localdate(),
            "lead": self.request.user.pk,
            "asks_documents": True,
        }

    def perform(self, record: ProjectTemplate, actor: Any, **values: Any) -> Project:
        return templates.start_project_from_template(
            template=record, actor=actor, at=timezone.now(), **values
        )

    def get_record_url(self, done: Any = None) -> str:
        if done is None:
            return super().get_record_url()
        return reverse("wagtailsnippets_projects_project:inspect", args=[done.pk])

    @classmethod
    def is_offered(cls, record: ProjectTemplate) -> bool:
        return record.is_active

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and user.has_perm("projects.add_project")


class ProjectTemplateViewSet(RecordViewSet):
    """Kinds of projects that come back."""

    model = ProjectTemplate
    icon = "copy"
    menu_label = _("Modèles de projet")
    add_label = _("Nouveau modèle")
    ordering = "name"
    list_display = [
        "name",
        FigureColumn("steps", label=_("Jalons")),
        FigureColumn("todos", label=_("Tâches")),
        Column("is_active", label=_("Proposé"), accessor=lambda row: readable(row.is_active)),
    ]
    search_fields = ["name"]
    list_export = ["name", "budget", "currency", "budget_hours", "is_active"]
    money_fields = ("budget",)
    export_filename = "modeles-de-projet"
    inspect_view_fields = ["budget", "budget_hours", "is_active", "summary"]
    actions = (StartProject,)
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("summary"),
                    FieldRowPanel(
                        [FieldPanel("budget"), FieldPanel("currency"), FieldPanel("budget_hours")]
                    ),
                    FieldPanel("is_active"),
                ],
                heading=_("Modèle"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "milestones",
                        label=_("jalon"),
                        panels=[
                            FieldRowPanel([FieldPanel("title"), FieldPanel("release")]),
                            FieldRowPanel([FieldPanel("start_day"), FieldPanel("end_day")]),
                            FieldPanel("deliverables"),
                            FieldPanel("summary"),
                        ],
                    )
                ],
                heading=_("Jalons"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "tasks",
                        label=_("tâche"),
                        panels=[
                            FieldPanel("title"),
                            FieldRowPanel([FieldPanel("milestone"), FieldPanel("due_day")]),
                            FieldRowPanel([FieldPanel("priority"), FieldPanel("is_shared")]),
                            FieldPanel("checklist"),
                            FieldPanel("body"),
                        ],
                    )
                ],
                heading=_("Tâches"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "requests",
                        label=_("document"),
                        panels=[
                            FieldRowPanel([FieldPanel("title"), FieldPanel("due_day")]),
                            FieldPanel("detail"),
                        ],
                    )
                ],
                heading=_("Documents demandés"),
            ),
        ],
        base_form_class=TemplateForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProjectTemplate]:
        steps = Count("milestones", distinct=True)
        return ProjectTemplate.objects.annotate(steps=steps, todos=Count("tasks", distinct=True))

    def saved(self, record: ProjectTemplate, *, actor: Any, is_new: bool) -> None:
        log("template_saved", record, actor=actor)

    def sections(self, record: ProjectTemplate, request: HttpRequest) -> list[Section]:
        return [
            Section(
                title=_("Jalons"),
                headings=(_("Jalon"), _("Version"), _("Du jour"), _("Au jour"), _("Livrables")),
                rows=lambda: [
                    (row.title, row.release, row.start_day, row.end_day,
                     ", ".join(templates.lines_of(row.deliverables)))
                    for row in record.milestones.all()
                ],
                empty=_("Aucun jalon."),
            ),
            Section(
                title=_("Tâches"),
                headings=(_("Tâche"), _("Jalon"), _("Au jour"), _("Points à cocher")),
                rows=lambda: [
                    (row.title, row.milestone or "—", "—" if row.due_day is None else row.due_day,
                     len(templates.lines_of(row.checklist)))
                    for row in record.tasks.all()
                ],
                empty=_("Aucune tâche."),
            ),
            Section(
                title=_("Documents demandés"),
                headings=(_("Document"), _("Au jour")),
                rows=lambda: [(row.title, row.due_day) for row in record.requests.all()],
                empty=_("Aucun document."),
            ),
        ]  # fmt: skip


class StatusLimitViewSet(RecordViewSet):
    """How many projects the team wants at once in each status."""

    model = StatusLimit
    icon = "table"
    menu_label = _("Limites du tableau de projets")
    add_label = _("Nouvelle limite")
    ordering = "status"
    list_display = [
        Column("get_status_display", label=_("Statut")),
        FigureColumn("limit", label=_("Projets au plus")),
    ]
    panels = [FieldRowPanel([FieldPanel("status"), FieldPanel("limit")])]


menu.add("projets", RiskViewSet, order=45)
menu.add("projets", ProjectTemplateViewSet, order=70)
menu.add("projets", StatusLimitViewSet, order=80)
