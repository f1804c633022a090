"""The team's screens of projects and tasks."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy
from wagtail.snippets.widgets import AdminSnippetChooser

from core.access.policies import NeverDeletedPolicy, TeamPolicy
from core.accounts.models import Client
from core.backoffice import menu
from core.backoffice.columns import FigureColumn, FrenchDateColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet
from portal.projects import services
from portal.projects.models import (
    ChecklistItem,
    Deliverable,
    Milestone,
    MilestoneComment,
    Project,
    ProjectMember,
    Task,
    TaskComment,
    TimeEntry,
)

MODELS = (
    ProjectMember,
    Milestone,
    Deliverable,
    MilestoneComment,
    Task,
    ChecklistItem,
    TaskComment,
    TimeEntry,
)
for _model in MODELS:
    register_permission_policy(_model, TeamPolicy(_model))
register_permission_policy(Project, NeverDeletedPolicy(Project))  # papers name it: archive it

PROJECT_LOOKS = {
    Project.Status.PLANNED: StatusLook("todo"),
    Project.Status.ACTIVE: StatusLook("half", "now"),
    Project.Status.PAUSED: StatusLook("pause", "warn"),
    Project.Status.DELIVERED: StatusLook("done", "ok"),
    Project.Status.ARCHIVED: StatusLook("archive"),
}
TASK_LOOKS = {
    Task.Status.TODO: StatusLook("todo"),
    Task.Status.DOING: StatusLook("half", "now"),
    Task.Status.REVIEW: StatusLook("review", "now"),
    Task.Status.DONE: StatusLook("done", "ok"),
}


def chooser_of(model: type, label: object, field: str) -> ModelChoiceFilter:
    """Return a filter on a foreign key that opens a chooser: thousands of rows are no list."""
    return ModelChoiceFilter(
        field_name=field,
        label=label,
        queryset=model.objects.all(),
        widget=AdminSnippetChooser(model),
    )


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
        FrenchDateColumn("due_date", label=_("Livraison"), is_late=lambda row: _is_late(row)),
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
        services.note_project(project=record, actor=actor, is_new=is_new)


def _is_late(row: Project | Task) -> bool:
    over = ("delivered", "archived", "done")
    return (
        row.due_date is not None and row.due_date < timezone.localdate() and row.status not in over
    )


class TaskFilterSet(WagtailFilterSet):
    """How tasks are filtered."""

    project = chooser_of(Project, _("Projet"), "project")

    class Meta:
        model = Task
        fields = ["status", "priority", "project", "is_shared"]


class TaskViewSet(RecordViewSet):
    """Every task of every project."""

    model = Task
    icon = "tasks"
    menu_label = _("Tâches")
    add_label = _("Nouvelle tâche")
    ordering = "due_date"
    list_display = [
        "title",
        Column("project", label=_("Projet")),
        StatusColumn("status", label=_("Statut"), looks=TASK_LOOKS),
        Column("get_priority_display", label=_("Priorité")),
        Column("assignee", label=_("Assignée à")),
        FrenchDateColumn(
            "due_date", label=_("Échéance"), sort_key="due_date", is_late=lambda row: _is_late(row)
        ),
    ]
    filterset_class = TaskFilterSet
    search_fields = ["title", "project__title"]
    list_export = ["title", "project", "status", "priority", "assignee", "due_date"]
    export_filename = "taches"
    panels = [
        FieldPanel("title"),
        FieldPanel("project"),
        FieldRowPanel([FieldPanel("status"), FieldPanel("priority"), FieldPanel("due_date")]),
        FieldRowPanel([FieldPanel("assignee"), FieldPanel("is_shared")]),
        FieldPanel("body"),
        InlinePanel(
            "checklist",
            label=_("point à cocher"),
            panels=[FieldRowPanel([FieldPanel("label"), FieldPanel("is_done")])],
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        return Task.objects.select_related("project", "assignee")

    def saved(self, record: Task, *, actor: object, is_new: bool) -> None:
        services.note_task(task=record, actor=actor, at=timezone.now())


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
        FieldRowPanel([FieldPanel("milestone"), FieldPanel("status")]),
        FieldPanel("comment"),
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


class TaskCommentViewSet(RecordViewSet):
    """What was said on tasks."""

    model = TaskComment
    icon = "comment"
    menu_label = _("Commentaires de tâche")
    add_label = _("Nouveau commentaire")
    ordering = "-id"
    list_display = [
        "body",
        Column("task", label=_("Tâche")),
        Column("author", label=_("Auteur")),
        FrenchDateColumn("created_at", label=_("Écrit le")),
    ]
    search_fields = ["body", "task__title"]
    panels = [FieldPanel("task"), FieldPanel("author"), FieldPanel("body")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaskComment]:
        return TaskComment.objects.select_related("task", "author")


class TimeEntryViewSet(RecordViewSet):
    """Time and costs of projects."""

    model = TimeEntry
    icon = "time"
    menu_label = _("Temps et coûts")
    add_label = _("Nouvelle saisie")
    ordering = "-id"
    list_display = [
        "spent_on",
        Column("project", label=_("Projet")),
        Column("user", label=_("Personne")),
        FigureColumn("minutes", label=_("Minutes")),
        FigureColumn("cost", label=_("Coût")),
    ]
    list_export = ["spent_on", "project", "user", "minutes", "cost", "note"]
    search_fields = ["note", "project__title"]
    panels = [
        FieldPanel("project"),
        FieldRowPanel([FieldPanel("user"), FieldPanel("spent_on")]),
        FieldRowPanel([FieldPanel("minutes"), FieldPanel("cost")]),
        FieldPanel("note"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TimeEntry]:
        return TimeEntry.objects.select_related("project", "user")


menu.add("projets", ProjectViewSet, order=10)
menu.add("projets", DeliverableViewSet, order=30)
menu.add("projets", MilestoneCommentViewSet, order=40)
menu.add("projets", TimeEntryViewSet, order=50)
menu.add("taches", TaskViewSet, order=10)
menu.add("taches", TaskCommentViewSet, order=20)
