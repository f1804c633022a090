"""The team's screens of projects."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from core.access.policies import NeverDeletedPolicy, TeamPolicy
from core.accounts.models import Client
from core.backoffice import menu
from core.backoffice.columns import FigureColumn, FrenchDateColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section, project_sections
from portal.projects.admin_screens import sections
from portal.projects.admin_screens.acts import ReplyToProject
from portal.projects.admin_screens.parts import chooser_of, is_late
from portal.projects.models import Project, ProjectMember
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

    client = chooser_of(Client, _("Client"), "client")

    class Meta:
        model = Project
        fields = ["status", "client"]


class ProjectViewSet(RecordViewSet):
    """Projects: their facts, their roadmap, their team."""

    model = Project
    icon = "folder-open-inverse"
    menu_label = _("Projets")
    add_label = _("Nouveau projet")
    ordering = "due_date"
    list_display = [
        "title",
        Column("client", label=_("Client")),
        StatusColumn("status", label=_("Statut"), looks=PROJECT_LOOKS),
        FigureColumn("progress", label=_("Avancement (%)")),
        FrenchDateColumn("due_date", label=_("Livraison"), is_late=is_late),
    ]
    filterset_class = ProjectFilterSet
    search_fields = ["title", "client__search_norm"]
    list_export = ["title", "client", "status", "progress", "start_date", "due_date", "budget"]
    export_filename = "projets"
    money_fields = ("budget",)
    inspect_view_fields = [
        "title", "client", "status", "progress", "start_date", "due_date", "budget", "summary",
        "clients_may_upload",
    ]  # fmt: skip
    actions = (ReplyToProject,)
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("title"),
                    FieldPanel("client"),
                    FieldRowPanel([FieldPanel("status"), FieldPanel("progress")]),
                    FieldRowPanel([FieldPanel("start_date"), FieldPanel("due_date")]),
                    FieldRowPanel([FieldPanel("budget"), FieldPanel("currency")]),
                    FieldPanel("summary"),
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
        ]
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        return Project.objects.select_related("client").defer("client__search_vector")

    def sections(self, record: Project, request: HttpRequest) -> list[Section]:
        tables = [
            sections.milestones_of(record),
            sections.deliverables_of(record.deliverables.all()),
            sections.talk_of(record),
        ]
        if record.delivered_at:
            tables.append(sections.answers_of(record))
        return sorted([*tables, *project_sections(record)], key=lambda section: section.order)

    def saved(self, record: Project, *, actor: object, is_new: bool) -> None:
        services.note_project(project=record, actor=actor, is_new=is_new, at=timezone.now())


menu.add("projets", ProjectViewSet, order=10)
