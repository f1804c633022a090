"""The team's screens of tasks; more of them, and of their time, are in portal.workload."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from core.access.policies import ReadOnlyPolicy, TeamPolicy
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import FrenchDateColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet
from core.files.forms import AttachmentsField
from core.hooks import Section
from core.hooks import task_sections as hooked_sections
from portal.projects.admin_screens.task_bulk import EditMany
from portal.projects.admin_screens.task_columns import (
    DayColumn,
    InlineColumn,
    PersonColumn,
    ProjectColumn,
)
from portal.projects.admin_screens.task_filters import TaskFilterSet
from portal.projects.admin_screens.task_sections import minutes_text, task_sections
from portal.projects.models import (
    ChecklistItem,
    Task,
    TaskAttachment,
    TaskComment,
    TaskMove,
)
from portal.projects.services import tasks as services
from portal.projects.task_forms import LONGEST_MESSAGE

for _model in (Task, ChecklistItem, TaskComment):
    register_permission_policy(_model, TeamPolicy(_model))
for _kept in (TaskAttachment, TaskMove):
    register_permission_policy(_kept, ReadOnlyPolicy(_kept))

TASK_LOOKS = {
    Task.Status.TODO: StatusLook("todo"),
    Task.Status.DOING: StatusLook("half", "now"),
    Task.Status.REVIEW: StatusLook("review", "now"),
    Task.Status.DONE: StatusLook("done", "ok"),
}


class ReplyForm(forms.Form):
    """The team’s message on a task; the client reads it when the task is shared."""

    body = forms.CharField(
        label=_("Message"), max_length=LONGEST_MESSAGE, widget=forms.Textarea(attrs={"rows": 5})
    )
    files = AttachmentsField()


class ReplyOnTask(RecordAction):
    """Write on a task, as its client does."""

    name = "repondre"
    label = _("Répondre")
    icon_name = "comment"
    question = _("Le client lit les messages des tâches qui lui sont visibles.")
    success = _("Message envoyé.")
    form_class = ReplyForm

    def perform(self, record: Task, actor: Any, **values: Any) -> None:
        services.add_comment(task=record, actor=actor, at=timezone.now(), **values)


class TaskViewSet(RecordViewSet):
    """Every task of every project."""

    model = Task
    icon = "tasks"
    menu_label = _("Tâches")
    add_label = _("Nouvelle tâche")
    ordering = "due_date"
    list_display = [
        "title",
        ProjectColumn("project", label=_("Projet")),
        InlineColumn("status", label=_("Statut")),
        InlineColumn("priority", label=_("Priorité")),
        PersonColumn("assignee", label=_("Assignée à")),
        DayColumn("due_date", label=_("Échéance"), sort_key="due_date"),
    ]
    filterset_class = TaskFilterSet
    search_fields = ["search_norm", "project__title"]
    has_bulk_actions = True
    list_export = [
        "title", "project", "project.client", "status", "priority", "assignee", "start_date",
        "due_date", "estimate", "done_at",
    ]  # fmt: skip
    export_headings = {"project.client": _("Client")}
    export_filename = "taches"
    inspect_view_fields = [
        "title", "project", "milestone", "status", "priority", "assignee", "start_date",
        "due_date", "estimate", "is_shared", "body", "done_at", "archived_at",
    ]  # fmt: skip
    inspect_labels = {"estimate": _("Charge prévue")}
    actions = (ReplyOnTask,)
    panels = [
        FieldPanel("title"),
        FieldPanel("project"),
        FieldRowPanel([FieldPanel("status"), FieldPanel("priority"), FieldPanel("estimate")]),
        FieldRowPanel([FieldPanel("start_date"), FieldPanel("due_date")]),
        FieldRowPanel([FieldPanel("assignee"), FieldPanel("is_shared")]),
        FieldPanel("body"),
        InlinePanel(
            "checklist",
            label=_("point à cocher"),
            panels=[FieldRowPanel([FieldPanel("label"), FieldPanel("is_done")])],
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        rows = Task.objects.select_related("project__client", "assignee", "milestone")
        return rows.defer("project__client__search_vector", "search_norm")

    def sections(self, record: Task, request: HttpRequest) -> list[Section]:
        tables = [*task_sections(record), *hooked_sections(record)]
        return sorted(tables, key=lambda section: section.order)

    def inspect_value(self, record: Task, name: str) -> Any:
        if name == "estimate":
            return minutes_text(record.estimate) if record.estimate else None
        return None

    def saved(self, record: Task, *, actor: object, is_new: bool) -> None:
        services.note_task(task=record, actor=actor, at=timezone.now(), is_new=is_new)


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

    def saved(self, record: TaskComment, *, actor: object, is_new: bool) -> None:
        services.note_comment(comment=record, actor=actor, is_new=is_new)


hooks.register("register_bulk_action", EditMany)
menu.add("taches", TaskViewSet, order=10)
menu.add("taches", TaskCommentViewSet, order=20)
