"""The team's screens of milestones, what they hand over, and what the client says of it."""

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from core.access.policies import ClosedPolicy, ReadOnlyPolicy, TeamPolicy
from core.backoffice import menu
from core.backoffice.columns import (
    FigureColumn,
    FrenchDateColumn,
    MomentColumn,
    StatusColumn,
    StatusLook,
)
from core.backoffice.viewsets import ReadOnlyViewSet, RecordViewSet
from core.hooks import Section
from portal.projects import standing
from portal.projects.admin_screens import sections
from portal.projects.admin_screens.acts import (
    ReplyToComment,
    ReplyToMilestone,
    SubmitDeliverable,
)
from portal.projects.admin_screens.parts import chooser_of
from portal.projects.models import (
    CommentFile,
    Deliverable,
    DeliverableDecision,
    DeliverableFile,
    Milestone,
    MilestoneComment,
    Project,
    ProjectChoice,
    SurveyAnswer,
)
from portal.projects.services import deliverables, projects

for _model in (Milestone, Deliverable):
    register_permission_policy(_model, TeamPolicy(_model))
for _model in (MilestoneComment, CommentFile, DeliverableFile, DeliverableDecision, SurveyAnswer):
    register_permission_policy(_model, ReadOnlyPolicy(_model))
register_permission_policy(ProjectChoice, ClosedPolicy(ProjectChoice))

MILESTONE_LOOKS = {
    Milestone.Status.UPCOMING: StatusLook("todo"),
    Milestone.Status.ACTIVE: StatusLook("half", "now"),
    Milestone.Status.REVIEW: StatusLook("review", "now"),
    Milestone.Status.DONE: StatusLook("done", "ok"),
}
DELIVERABLE_LOOKS = {
    Deliverable.Status.PLANNED: StatusLook("todo"),
    Deliverable.Status.SUBMITTED: StatusLook("review", "now"),
    Deliverable.Status.APPROVED: StatusLook("done", "ok"),
    Deliverable.Status.REFUSED: StatusLook("cancel", "bad"),
}


class MilestoneFilterSet(WagtailFilterSet):
    """How milestones are filtered."""

    project = chooser_of(Project, _("Projet"), "project")
    situation = ChoiceFilter(
        label=_("Situation"),
        choices=[("retard", _("En retard")), ("risque", _("À risque"))],
        method="keep_situation",
    )

    class Meta:
        model = Milestone
        fields = ["status", "project"]

    def keep_situation(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Keep the milestones of projects under way that are late, or may well be."""
        today = timezone.localdate()
        late, risky = standing.late_milestones, standing.milestones_at_risk
        found = late(today) if value == "retard" else risky(today)
        return rows.filter(pk__in=found.values("pk"))


class MilestoneViewSet(RecordViewSet):
    """Milestones of every project, with what was said on each."""

    model = Milestone
    icon = "calendar-check"
    menu_label = _("Jalons")
    add_label = _("Nouveau jalon")
    ordering = "due_date"
    list_display = [
        "title",
        Column("project", label=_("Projet")),
        Column("release", label=_("Version")),
        StatusColumn("status", label=_("Statut"), looks=MILESTONE_LOOKS),
        FrenchDateColumn(
            "due_date",
            label=_("Échéance"),
            sort_key="due_date",
            is_late=lambda row: row.is_late(timezone.localdate()),
        ),
        FigureColumn("said", label=_("Messages")),
    ]
    filterset_class = MilestoneFilterSet
    search_fields = ["title", "project__title"]
    list_export = ["title", "project", "release", "status", "start_date", "due_date"]
    export_filename = "jalons"
    inspect_view_fields = [
        "title", "project", "release", "status", "start_date", "due_date", "summary",
    ]  # fmt: skip
    panels = [
        FieldPanel("title"),
        FieldPanel("project"),
        FieldRowPanel([FieldPanel("release"), FieldPanel("status")]),
        FieldRowPanel([FieldPanel("start_date"), FieldPanel("due_date")]),
        FieldPanel("summary"),
    ]
    actions = (ReplyToMilestone,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Milestone]:
        rows = Milestone.objects.select_related("project").defer(
            "search_vector", "project__search_vector"
        )
        return rows.annotate(said=Count("comments"))

    def saved(self, record: Milestone, *, actor: object, is_new: bool) -> None:
        projects.note_milestone(milestone=record, actor=actor, at=timezone.now())

    def sections(self, record: Milestone, request: HttpRequest) -> list[Section]:
        return [
            sections.deliverables_of(record),
            sections.talk_of(record),
        ]


class DeliverableFilterSet(WagtailFilterSet):
    """How deliverables are filtered."""

    project = chooser_of(Project, _("Projet"), "project")

    class Meta:
        model = Deliverable
        fields = ["status", "project"]


class DeliverableViewSet(RecordViewSet):
    """What milestones hand over, and what the client decided."""

    model = Deliverable
    icon = "tick"
    menu_label = _("Livrables")
    add_label = _("Nouveau livrable")
    ordering = "-id"
    list_display = [
        "title",
        Column("project", label=_("Projet")),
        Column("milestone", label=_("Jalon")),
        StatusColumn("status", label=_("Statut"), looks=DELIVERABLE_LOOKS),
        FigureColumn("round", label=_("Version")),
    ]
    filterset_class = DeliverableFilterSet
    search_fields = ["title", "project__title"]
    inspect_view_fields = [
        "title", "project", "milestone", "status", "round", "submitted_at", "decided_by",
        "decided_at", "comment", "summary",
    ]  # fmt: skip
    panels = [
        FieldPanel("title"),
        FieldPanel("project"),
        FieldPanel("milestone"),
        FieldPanel("summary"),
    ]
    actions = (SubmitDeliverable,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deliverable]:
        return Deliverable.objects.select_related("project", "milestone")

    def saved(self, record: Deliverable, *, actor: object, is_new: bool) -> None:
        deliverables.note_deliverable(deliverable=record, actor=actor)

    def sections(self, record: Deliverable, request: HttpRequest) -> list[Section]:
        return [sections.pieces_of(record), sections.decisions_of(record)]


class MilestoneCommentViewSet(ReadOnlyViewSet):
    """What was said on roadmaps, newest first."""

    model = MilestoneComment
    icon = "comment"
    menu_label = _("Échanges")
    ordering = "-id"
    list_display = [
        "body",
        Column("project", label=_("Projet")),
        Column("milestone", label=_("Jalon")),
        Column("author", label=_("Auteur")),
        MomentColumn("created_at", label=_("Écrit")),
    ]
    search_fields = ["body", "milestone__title", "project__title"]
    inspect_view_fields = ["body", "project", "milestone", "author", "created_at"]
    actions = (ReplyToComment,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MilestoneComment]:
        return MilestoneComment.objects.select_related("project", "milestone", "author")

    def sections(self, record: MilestoneComment, request: HttpRequest) -> list[Section]:
        return [sections.talk_of(record)]


class SurveyAnswerViewSet(ReadOnlyViewSet):
    """What clients said of delivered projects."""

    model = SurveyAnswer
    icon = "pick"
    menu_label = _("Avis de fin de projet")
    ordering = "-answered_at"
    list_display = [
        FigureColumn("score", label=_("Note sur 10")),
        Column("project", label=_("Projet")),
        Column("client", label=_("Client")),
        Column("user", label=_("Personne")),
        Column("comment", label=_("Commentaire")),
        FrenchDateColumn("answered_at", label=_("Répondu le")),
    ]
    search_fields = ["comment", "project__title"]
    list_export = ["score", "project", "client", "user", "comment", "answered_at"]
    export_filename = "avis"
    inspect_view_fields = [
        "score", "project", "client", "user", "comment", "answered_at", "changed_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[SurveyAnswer]:
        rows = SurveyAnswer.objects.select_related("project", "client", "user")
        return rows.defer("client__search_vector")


menu.add("projets", MilestoneViewSet, order=20)
menu.add("projets", DeliverableViewSet, order=30)
menu.add("projets", MilestoneCommentViewSet, order=40)
menu.add("projets", SurveyAnswerViewSet, order=60)
