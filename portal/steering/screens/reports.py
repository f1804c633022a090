"""The team's screen of progress reports: read, changed, approved."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column

from core.backoffice import menu
from core.backoffice.actions import RecordAction, add_action
from core.backoffice.bulk import RecordBulkAction
from core.backoffice.columns import MomentColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet
from core.ui.formats import date_long
from portal.projects.admin_screens.parts import chooser_of
from portal.projects.models import Project
from portal.steering.models import ProgressReport
from portal.steering.screens.gauges import hours_text
from portal.steering.services import reports as services

REPORT_LOOKS = {
    ProgressReport.Status.DRAFT: StatusLook("review", "now"),
    ProgressReport.Status.APPROVED: StatusLook("half", "now"),
    ProgressReport.Status.SENT: StatusLook("done", "ok"),
    ProgressReport.Status.DROPPED: StatusLook("cancel"),
}


class ReportFilterSet(WagtailFilterSet):
    """How reports are filtered."""

    project = chooser_of(Project, _("Projet"), "project")

    class Meta:
        model = ProgressReport
        fields = ["status", "project"]


class ApproveReport(RecordAction):
    """Sends a report to the client."""

    name = "approuver"
    label = _("Approuver et envoyer")
    icon_name = "check"
    is_main = True
    question = _("Les personnes du client qui suivent le projet le reçoivent ; il ne change plus.")
    success = _("Rapport approuvé : il part, et sa copie va dans les documents du projet.")
    refusals = (services.CannotSend,)

    def perform(self, record: ProgressReport, actor: Any) -> None:
        services.approve_report(report=record, actor=actor, at=timezone.now())

    @classmethod
    def is_offered(cls, record: ProgressReport) -> bool:
        return record.status == ProgressReport.Status.DRAFT


class DropReport(RecordAction):
    """Keeps a report from being sent."""

    name = "ecarter"
    label = _("Ne pas envoyer")
    icon_name = "cross"
    question = _("Le client ne reçoit rien pour cette semaine.")
    success = _("Rapport écarté.")
    refusals = (services.CannotSend,)

    def perform(self, record: ProgressReport, actor: Any) -> None:
        services.drop_report(report=record, actor=actor)

    @classmethod
    def is_offered(cls, record: ProgressReport) -> bool:
        return record.status == ProgressReport.Status.DRAFT


class DraftReport(RecordAction):
    """Drafts the report of this week before Friday."""

    name = "rapport"
    label = _("Préparer le rapport de la semaine")
    icon_name = "doc-full"
    is_listed = False
    question = _("Il se remplit de ce qui est connu de la semaine ; vous le relisez avant l’envoi.")
    success = _("Rapport de la semaine prêt à relire.")

    def perform(self, record: Project, actor: Any) -> ProgressReport:
        today = timezone.localdate()
        services.draft_report(project=record, on=today, at=timezone.now(), actor=actor)
        year, week, _day = today.isocalendar()
        return ProgressReport.objects.get(project=record, year=year, week=week)

    def get_record_url(self, done: Any = None) -> str:
        if done is None:
            return super().get_record_url()
        return reverse("wagtailsnippets_steering_progressreport:inspect", args=[done.pk])

    @classmethod
    def is_offered(cls, record: Project) -> bool:
        return record.status == Project.Status.ACTIVE


class ProgressReportViewSet(RecordViewSet):
    """Reports of every project, those to read first."""

    model = ProgressReport
    icon = "doc-full"
    menu_label = _("Rapports d’avancement")
    ordering = "-id"
    has_bulk_actions = True
    locked_text = _("Ce rapport n’est plus à relire : il ne change plus.")
    list_display = [
        "__str__",
        Column(
            "monday",
            label=_("Semaine du"),
            accessor=lambda row: date_long(row.monday),
        ),
        Column("client", label=_("Client")),
        StatusColumn("status", label=_("Statut"), looks=REPORT_LOOKS),
        MomentColumn("sent_at", label=_("Envoyé")),
    ]
    filterset_class = ReportFilterSet
    search_fields = ["project__title", "client__search_norm"]
    list_export = ["project", "year", "week", "status", "approved_by", "approved_at", "sent_at"]
    export_filename = "rapports-d-avancement"
    inspect_view_fields = [
        "project", "status", "progress", "minutes", "message", "done", "coming", "risks",
        "tells_hours", "approved_by", "approved_at", "sent_at", "document",
    ]  # fmt: skip
    panels = [
        FieldPanel("message"),
        FieldPanel("done"),
        FieldPanel("coming"),
        FieldPanel("risks"),
        FieldPanel("tells_hours"),
    ]
    actions = (ApproveReport, DropReport)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProgressReport]:
        rows = ProgressReport.objects.select_related("project", "client")
        return rows.defer("client__search_vector", "project__search_vector")

    def inspect_value(self, record: ProgressReport, name: str) -> Any:
        return hours_text(record.minutes) if name == "minutes" else None

    def saved(self, record: ProgressReport, *, actor: Any, is_new: bool) -> None:
        services.note_report(report=record, actor=actor)

    def url_after_save(self, record: ProgressReport) -> str:
        return reverse("wagtailsnippets_steering_progressreport:inspect", args=[record.pk])


class ApproveReports(RecordBulkAction):
    """Approves several reports, each as if alone."""

    models = [ProgressReport]
    permission = "act"
    action_type = "approuver"
    display_name = _("Approuver et envoyer")
    aria_label = _("Approuver et envoyer les rapports choisis")
    template_name = "portal/steering/approve_many.html"

    def check_perm(self, obj: ProgressReport) -> bool:
        return ApproveReport.is_offered(obj) and super().check_perm(obj)

    @classmethod
    def execute_action(cls, objects: list[Any], user: Any = None, **kwargs: Any) -> tuple[int, int]:
        """Approve each report; those that somebody treated meanwhile are passed over."""
        count = 0
        for report in objects:
            try:
                services.approve_report(report=report, actor=user, at=timezone.now())
            except services.CannotSend:
                continue
            count += 1
        return count, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        text = _text(
            "Rapports approuvés : %(count)s. Ceux qui ne disent rien attendent d’être écrits."
        )
        return text % {"count": num_parent_objects}


hooks.register("register_bulk_action", ApproveReports)
add_action(Project, DraftReport)
menu.add("projets", ProgressReportViewSet, order=8)
