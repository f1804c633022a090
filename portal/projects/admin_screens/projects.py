"""The team's screens of projects, their milestones and what they hand over."""

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
from portal.projects.admin_screens.parts import chooser_of, is_late
from portal.projects.models import (
    Deliverable,
    Milestone,
    MilestoneComment,
    Project,
    ProjectMember,
)
from portal.projects.services import projects as services

for _model in (ProjectMember, Milestone, Deliverable, MilestoneComment):
    register_permission_policy(_model, TeamPolicy(_model))
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

    def saved(self, record: Project, *, actor: object, is_new: bool) -> None:
        services.note_project(project=record, actor=actor, is_new=is_new, at=timezone.now())


class DeliverableViewSet(RecordViewSet):
    """What milestones hand over."""

    model = Deliverable
    icon = "tick"
    menu_label = _("Livrables")
    add_label = _("Nouveau livrable")
    ordering = "-id"
    list_display = [
        "title",
        Column("project", label=_("Projet")),
        Column("milestone", label=_("Jalon")),
        Column("get_status_display", label=_("Statut")),
    ]
    list_filter = ["status"]
    search_fields = ["title", "project__title"]
    panels = [
        FieldPanel("title"),
        FieldPanel("project"),
        FieldPanel("milestone"),
        FieldPanel("summary"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deliverable]:
        return Deliverable.objects.select_related("project", "milestone")


class MilestoneCommentViewSet(RecordViewSet):
    """What was said on milestones."""

    model = MilestoneComment
    icon = "comment"
    menu_label = _("Commentaires de jalon")
    add_label = _("Nouveau commentaire")
    ordering = "-id"
    list_display = [
        "body",
        Column("milestone", label=_("Jalon")),
        Column("author", label=_("Auteur")),
        FrenchDateColumn("created_at", label=_("Écrit le")),
    ]
    search_fields = ["body", "milestone__title"]
    panels = [
        FieldPanel("project"),
        FieldPanel("milestone"),
        FieldPanel("author"),
        FieldPanel("body"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MilestoneComment]:
        return MilestoneComment.objects.select_related("milestone", "author")


menu.add("projets", ProjectViewSet, order=10)
menu.add("projets", DeliverableViewSet, order=30)
menu.add("projets", MilestoneCommentViewSet, order=40)
