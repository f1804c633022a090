"""The report of a week of a project: drafted once, read by the team, sent once."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import hooks
from core.audit.log import record
from core.files.services import store_file
from core.notify.announcing import announce
from core.notify.team import tell_staff
from core.outbox.services import owe
from core.pdf import render_pdf
from core.ui.formats import date_long
from portal.documents.models import ProjectDocument
from portal.documents.services.versions import keep_version
from portal.projects.models import Project
from portal.projects.participation import followers
from portal.steering.models import ProgressReport
from portal.steering.reading.weeks import compose

TOPIC = "progress-report"
FOLDER = gettext_lazy("Rapports d’avancement")
Status = ProgressReport.Status


class CannotSend(Exception):
    """The report says nothing, has left, or will not; `message` says which."""

    def __init__(self, message: Any):
        super().__init__(message)
        self.message = message


def draft_reports(*, on: date, at: datetime) -> int:
    """Draft the reports of the week of a day, of projects under way; return how many are new.

    Running it again makes none twice. Those of projects that ask for it are sent at once. Run in
    the team's scope.
    """
    year, week, _day = on.isocalendar()
    rows = Project.objects.filter(status=Project.Status.ACTIVE)
    rows = rows.exclude(reporting=Project.Reporting.NONE)
    rows = rows.exclude(reports__in=ProgressReport.objects.filter(year=year, week=week))
    count = 0
    for project in rows.select_related("lead").order_by("pk"):
        count += draft_report(project=project, on=on, at=at, actor=None) is not None
    return count


@transaction.atomic
def draft_report(*, project: Project, on: date, at: datetime, actor: Any) -> ProgressReport | None:
    """Draft the report of the week of a day; None when this week has one already.

    The lead of the project is told, or its report sent when the project wants it so.
    """
    year, week, _day = on.isocalendar()
    if ProgressReport.objects.filter(project=project, year=year, week=week).exists():
        return None
    told = compose(project, date.fromisocalendar(year, week, 1))
    report, is_new = ProgressReport.objects.get_or_create(
        project=project,
        year=year,
        week=week,
        defaults={
            "done": told.done,
            "coming": told.coming,
            "risks": told.risks,
            "minutes": told.minutes,
            "progress": project.progress,
        },
    )
    if not is_new:
        return None
    record("report_drafted", report, actor=actor)
    says_something = bool(report.done or report.coming or report.risks)
    if project.reporting == Project.Reporting.AUTO and actor is None and says_something:
        approve_report(report=report, actor=None, at=at)
    else:
        _tell_lead(report, actor)
    return report


def note_report(*, report: ProgressReport, actor: Any) -> None:
    """Write in the log that a draft was changed."""
    record("report_saved", report, actor=actor)


@transaction.atomic
def approve_report(*, report: ProgressReport, actor: Any, at: datetime) -> ProgressReport:
    """Have a draft sent to the people of the client who follow the project. It changes no more.

    :raises CannotSend: if it left already, will not leave, or says nothing.
    """
    row = _locked(report)
    if row.status != Status.DRAFT:
        raise CannotSend(gettext_lazy("Ce rapport n’est plus à relire : quelqu’un l’a traité."))
    if not (row.message or row.done or row.coming or row.risks):
        raise CannotSend(gettext_lazy("Ce rapport ne dit rien : écrivez-le avant de l’envoyer."))
    row.status, row.approved_by, row.approved_at = Status.APPROVED, actor, at
    row.version += 1
    row.save()
    record("report_approved", row, actor=actor)
    payload = {"report_id": row.pk}
    owe(TOPIC, key=f"{TOPIC}:{row.pk}", payload=payload, client_id=row.client_id)
    return row


@transaction.atomic
def drop_report(*, report: ProgressReport, actor: Any) -> ProgressReport:
    """Keep a draft from being sent, this week.

    :raises CannotSend: if it left already.
    """
    row = _locked(report)
    if row.status != Status.DRAFT:
        raise CannotSend(gettext_lazy("Ce rapport n’est plus à relire : quelqu’un l’a traité."))
    row.status = Status.DROPPED
    row.version += 1
    row.save()
    record("report_dropped", row, actor=actor)
    return row


@transaction.atomic
def send_report(*, report_id: int, at: datetime) -> bool:
    """Keep the copy of an approved report among the documents, and tell the client, once.

    Return whether it left now. Run in the team's scope.

    :raises core.pdf.PdfUnavailable: if Pango is not installed.
    """
    rows = ProgressReport.objects.select_for_update(of=("self",)).select_related("project")
    report = rows.filter(pk=report_id).first()
    if report is None or report.status != Status.APPROVED:
        return False
    report.document = _keep_copy(report, at)
    report.status, report.sent_at = Status.SENT, at
    report.save()
    _tell_client(report)
    record("report_sent", report, people=followers(report.project).count())
    return True


def render_report(report: ProgressReport, at: datetime) -> bytes:
    """Draw a report.

    :raises core.pdf.PdfUnavailable: if Pango is not installed.
    """
    with translation.override(settings.LANGUAGE_CODE):
        brand = hooks.brand(None)
        name = brand.name if brand else ""
        facts = {"parts": parts(report), "hours": told_hours(report), "brand_name": name}
        html = render_to_string("pdf/progress_report.html", {"report": report, **facts})
        return render_pdf(html, title=title_of(report), author=name, created_at=at)


def parts(report: ProgressReport) -> list[tuple[str, list[str]]]:
    """Return the parts of a report that say something, each with its lines."""
    found = (
        (_("Fait cette semaine"), report.done),
        (_("La suite"), report.coming),
        (_("Points d’attention"), report.risks),
    )
    return [(label, _lines(text)) for label, text in found if text.strip()]


def told_hours(report: ProgressReport) -> str:
    """Return the hours of the week when the report tells them, such as « 12,5 »."""
    if not report.tells_hours:
        return ""
    return f"{Decimal(report.minutes) / 60:.1f}".replace(".", ",")


def title_of(report: ProgressReport) -> str:
    """Return how a report is called."""
    return _("Rapport d’avancement, semaine du %(day)s") % {"day": date_long(report.monday)}


def _lines(text: str) -> list[str]:
    rows = (line.strip().removeprefix("–").removeprefix("-").strip() for line in text.splitlines())
    return [line for line in rows if line]


def _locked(report: ProgressReport) -> ProgressReport:
    rows = ProgressReport.objects.select_for_update(of=("self",)).select_related("project")
    return rows.get(pk=report.pk)


def _keep_copy(report: ProgressReport, at: datetime) -> ProjectDocument:
    with translation.override(settings.LANGUAGE_CODE):
        title, folder = title_of(report), str(FOLDER)
    file = store_file(
        content=render_report(report, timezone.localtime(at)),
        name=f"rapport-{report.year}-s{report.week:02}.pdf",
        content_type="application/pdf",
        client_id=report.client_id,
    )
    document = ProjectDocument.objects.create(
        project=report.project,
        title=title,
        folder=folder,
        visibility=ProjectDocument.Visibility.CLIENT,
        shared_at=at,
    )
    keep_version(document=document, file=file, actor=None, at=at)
    return document


def _tell_client(report: ProgressReport) -> None:
    project = report.project
    announce(
        "project_report",
        client_id=report.client_id,
        to=followers(project),
        text=format_lazy(gettext_lazy("{title} : où en est le projet"), title=project.title),
        detail=report.message or report.done,
        url=reverse("documents:detail", args=[report.document_id]),
        key=str(report.pk),
        actor=None,
        mail="steering/report",
        context={
            "project": project.title,
            "progress": report.progress,
            "message": report.message,
            "parts": parts(report),
            "hours": told_hours(report),
        },
    )


def _tell_lead(report: ProgressReport, actor: Any) -> None:
    project = report.project
    people = [project.lead] if project.lead else [row.user for row in _team(project)]
    tell_staff(
        "report_to_read",
        to=people,
        text=format_lazy(
            gettext_lazy("Rapport d’avancement à relire : {title}"), title=project.title
        ),
        detail=report.done,
        url=reverse("wagtailsnippets_steering_progressreport:inspect", args=[report.pk]),
        key=str(report.pk),
        client_id=report.client_id,
        actor=actor,
    )


def _team(project: Project) -> Any:
    return project.team.select_related("user").order_by("pk")
