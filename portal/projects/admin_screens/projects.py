"""The team's screens of projects."""

from typing import Any

from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter, MultipleChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from core.access.policies import NeverDeletedPolicy, TeamPolicy
from core.accounts.models import Client, User
from core.backoffice import menu
from core.backoffice.columns import FigureColumn, FrenchDateColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section, project_sections
from portal.projects import standing
from portal.projects.admin_screens import sections
from portal.projects.admin_screens.acts import ReplyToProject
from portal.projects.admin_screens.parts import chooser_of, is_late
from portal.projects.models import Project, ProjectMember
from portal.projects.services import moves
from portal.projects.services import projects as services

register_permission_policy(ProjectMember, TeamPolicy(ProjectMember))
register_permission_policy(Project, NeverDeletedPolicy(Project))  # papers name it: archive it

PROJECT_LOOKS = {
    Project.Status.PLANNED: StatusLook("todo"),
    Project.Status.ACTIVE: StatusLook("half", "now"),
    Project.Status.PAUSED: StatusLook("pause", "warn"),
    Project.Status.DELIVERED: StatusLook("done", "ok"),
    Project.Status.ARCHIVED: StatusLook("archive"),
}


class ProjectFilterSet(WagtailFilterSet):
    """How projects are filtered."""

    status = MultipleChoiceFilter(
        label=_("Statut"),
        choices=Project.Status.choices,
        widget=CheckboxSelectMultiple,
        distinct=False,
    )
    client = chooser_of(Client, _("Client"), "client")
    lead = ModelChoiceFilter(
        label=_("Chef de projet"), queryset=User.objects.filter(is_staff=True, is_active=True)
    )
    situation = ChoiceFilter(
        label=_("Situation"),
        choices=[("retard", _("En retard")), ("silence", _("Sans activité depuis 14 jours"))],
        method="keep_situation",
    )

    class Meta:
        model = Project
        fields = ["status", "client", "lead"]

    def keep_situation(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Keep the projects that are late, or of which nothing moved lately."""
        today = timezone.localdate()
        if value == "retard":
            return standing.late_projects(rows, today)
        silent = standing.silent_projects(timezone.now(), today)
        return rows.filter(pk__in=silent.values("pk"))


class ProjectForm(WagtailAdminModelForm):
    """Refuses a status that makes no sense, or that would end a project in silence."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        before, after = self.initial.get("status"), cleaned.get("status")
        if self.instance.pk is None or not before or not after or before == after:
            return cleaned
        if refusal := moves.refusal_of(before, after):
            self.add_error("status", refusal)
        elif after == Project.Status.DELIVERED and moves.open_milestones(self.instance):
            text = _("Des jalons ne sont pas terminés : passez par « Livrer le projet ».")
            self.add_error("status", text)
        return cleaned


class ProjectViewSet(RecordViewSet):
    """Projects: their facts, their roadmap, their team."""

    model = Project
    icon = "folder-open-inverse"
    menu_label = _("Projets")
    add_label = _("Nouveau projet")
    letter = "p"
    ordering = "due_date"
    list_display = [
        "title",
        Column("client", label=_("Client")),
        StatusColumn("status", label=_("Statut"), looks=PROJECT_LOOKS),
        FigureColumn("progress", label=_("Avancement (%)")),
        Column("lead", label=_("Chef de projet")),
        FrenchDateColumn("due_date", label=_("Livraison"), sort_key="due_date", is_late=is_late),
    ]
    filterset_class = ProjectFilterSet
    search_fields = ["title", "client__search_norm"]
    list_export = [
        "title", "client", "lead", "status", "progress", "start_date", "due_date", "budget",
        "budget_hours",
    ]  # fmt: skip
    export_filename = "projets"
    money_fields = ("budget",)
    inspect_view_fields = [
        "client", "status", "lead", "start_date", "due_date", "budget", "budget_hours",
        "reporting", "clients_may_upload", "summary",
    ]  # fmt: skip
    tabs = {
        "pilotage": _("Pilotage"),
        "jalons": _("Jalons"),
        "equipe": _("Équipe"),
        "taches": _("Tâches"),
        "documents": _("Documents"),
        "argent": _("Argent"),
        "historique": _("Historique"),
    }
    actions = (ReplyToProject,)
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("title"),
                    FieldPanel("client"),
                    FieldPanel("lead"),
                    FieldRowPanel([FieldPanel("status"), FieldPanel("progress")]),
                    FieldRowPanel([FieldPanel("start_date"), FieldPanel("due_date")]),
                    FieldRowPanel(
                        [FieldPanel("budget"), FieldPanel("currency"), FieldPanel("budget_hours")]
                    ),
                    FieldPanel("summary"),
                    FieldPanel("reporting"),
                    FieldPanel("clients_may_upload"),
                ],
                heading=_("Projet"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "milestones",
                        label=_("jalon"),
                        panels=[
                            FieldRowPanel([FieldPanel("title"), FieldPanel("release")]),
                            FieldRowPanel(
                                [
                                    FieldPanel("status"),
                                    FieldPanel("start_date"),
                                    FieldPanel("due_date"),
                                ]
                            ),
                            FieldPanel("summary"),
                        ],
                    )
                ],
                heading=_("Jalons"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "team",
                        label=_("membre"),
                        panels=[
                            FieldRowPanel([FieldPanel("user"), FieldPanel("part")]),
                            FieldPanel("is_visible"),
                        ],
                    )
                ],
                heading=_("Équipe"),
            ),
        ],
        base_form_class=ProjectForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        rows = Project.objects.select_related("client", "lead")
        return rows.defer("client__search_vector", "search_vector")

    def sections(self, record: Project, request: HttpRequest) -> list[Section]:
        tables = [
            sections.milestones_of(record),
            sections.deliverables_of(record),
            sections.talk_of(record),
        ]
        if record.delivered_at:
            tables.append(sections.answers_of(record))
        return sorted([*tables, *project_sections(record)], key=lambda section: section.order)

    def saved(self, record: Project, *, actor: object, is_new: bool) -> None:
        services.note_project(project=record, actor=actor, is_new=is_new, at=timezone.now())


menu.add("projets", ProjectViewSet, order=10)
