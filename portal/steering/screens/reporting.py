"""« Reporting »: every project over a period, in figures, charts and spreadsheets."""

from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from core.access.row_guard import policy_of
from core.backoffice import menu
from core.backoffice.charts import Chart, bar_chart
from core.backoffice.columns import status_badge
from core.backoffice.exports import SafeExport
from core.money import format_amount, to_major
from core.ui.formats import month_name, percent
from portal.projects.admin_screens.projects import PROJECT_LOOKS
from portal.projects.models import Project
from portal.steering.reading import boards, reporting
from portal.steering.reading.reporting import Line, Question, Reporting
from portal.steering.screens.gauges import hours_text

MOST_OFFERED, MOST_SHOWN = 1000, 200
LONGEST = timedelta(days=3660)
STATES = (
    (reporting.LATE, gettext_lazy("En retard")),
    (reporting.AT_RISK, gettext_lazy("À risque")),
    (reporting.OVER_BUDGET, gettext_lazy("Budget dépassé")),
)
COLUMNS = {
    "project": gettext_lazy("Projet"),
    "client": gettext_lazy("Client"),
    "lead": gettext_lazy("Chef de projet"),
    "status": gettext_lazy("Statut"),
    "progress": gettext_lazy("Avancement (%)"),
    "currency": gettext_lazy("Devise"),
    "budget": gettext_lazy("Budget"),
    "used": gettext_lazy("Budget utilisé (%)"),
    "hours": gettext_lazy("Heures de la période"),
    "spent": gettext_lazy("Dépensé sur la période"),
    "billed": gettext_lazy("Facturé HT sur la période"),
    "margin": gettext_lazy("Marge depuis le début"),
    "late": gettext_lazy("Jalons en retard"),
    "due": gettext_lazy("Jalons échus"),
    "on_time": gettext_lazy("À l’heure (%)"),
}


class ReportingPage(SafeExport, SpreadsheetExportMixin, WagtailAdminTemplateMixin, TemplateView):
    """The figures of projects; with `?export=csv|xlsx`, its table."""

    model = Project
    permission = "view"
    template_name = "portal/steering/reporting.html"
    page_title = gettext_lazy("Reporting des projets")
    header_icon = "history"
    list_export = list(COLUMNS)
    export_headings = {name: str(name) for name in COLUMNS}
    export_filename = "projets-reporting"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policy_of(Project).user_has_permission(request.user, self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    @cached_property
    def clients(self) -> list[tuple[int, str]]:
        return boards.clients(MOST_OFFERED)

    @cached_property
    def leads(self) -> list[tuple[int, str]]:
        return boards.leads()

    @cached_property
    def question(self) -> Question:
        """What the address asks; what it says wrongly is left out."""
        said, today = self.request.GET, timezone.localdate()
        first, last = read_days(said.get("du", ""), said.get("au", ""), today)
        status, state = said.get("statut", ""), said.get("etat", "")
        return Question(
            first=first,
            last=last,
            client=boards.choice_of(said.get("client"), self.clients),
            lead=boards.choice_of(said.get("chef"), self.leads),
            status=status if status in Project.Status.values else "",
            state=state if state in dict(STATES) else "",
        )

    @cached_property
    def reporting(self) -> Reporting:
        return reporting.report(self.question, timezone.localdate())

    def get_queryset(self) -> list[Line]:
        """Return the rows of the table to export."""
        self.export_headings = {name: str(label) for name, label in COLUMNS.items()}
        return list(self.reporting.lines)

    def to_row_dict(self, item: Line) -> dict[str, Any]:
        project, code = item.project, item.project.currency
        return {
            "project": project.title,
            "client": project.client.name,
            "lead": str(project.lead or ""),
            "status": project.get_status_display(),
            "progress": project.progress,
            "currency": code,
            "budget": None if project.budget is None else to_major(project.budget, code),
            "used": item.budget.used,
            "hours": round(item.spent.minutes / 60, 2),
            "spent": to_major(item.spent.total, code),
            "billed": to_major(item.billed_now, code),
            "margin": to_major(item.margin, code),
            "late": item.late,
            "due": item.milestones.due,
            "on_time": item.milestones.rate,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found, question = self.reporting, self.question
        words = {name: word for name, word in self.request.GET.items() if name != "export"}
        return super().get_context_data(
            question=question,
            clients=self.clients,
            leads=self.leads,
            statuses=Project.Status.choices,
            states=STATES,
            periods=self._periods(),
            totals=totals_of(found),
            charts=charts_of(found),
            rows=[shown(line) for line in found.lines[:MOST_SHOWN]],
            hidden=max(len(found.lines) - MOST_SHOWN, 0),
            is_cut=found.is_cut,
            query=urlencode({**words, "du": question.first, "au": question.last}),
            **kwargs,
        )

    def _periods(self) -> list[tuple[Any, str, bool]]:
        """Return the usual periods, each with its address and whether it is shown."""
        today = timezone.localdate()
        kept = {
            name: self.request.GET[name]
            for name in ("client", "chef", "statut", "etat")
            if self.request.GET.get(name)
        }
        quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
        spans = (
            (_("Ce mois"), today.replace(day=1)),
            (_("Ce trimestre"), quarter),
            (_("Cette année"), date(today.year, 1, 1)),
            (_("Douze mois"), today - timedelta(days=365)),
        )
        shown_days = (self.question.first, self.question.last)
        return [
            (
                label,
                "?" + urlencode({**kept, "du": first, "au": today}),
                (first, today) == shown_days,
            )
            for label, first in spans
        ]


def read_days(first: str, last: str, today: date) -> tuple[date, date]:
    """Read the two ends of a period; this year until today when they say nothing."""
    begin, end = _day(first) or date(today.year, 1, 1), _day(last) or today
    begin, end = min(begin, end), max(begin, end)
    return max(begin, end - LONGEST), end


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2199 else None


def totals_of(found: Reporting) -> list[tuple[Any, Any, Any]]:
    """Return the figures above the table: label, figure, note."""
    kept, score = found.milestones, found.nps.score
    return [
        (_("Projets"), str(len(found.lines)), ""),
        (_("Avancement moyen"), _percent(found.mean_progress), _("des projets en cours")),
        (_("Temps passé"), hours_text(found.minutes), ""),
        (_("Dépensé"), _money(found.sums("spent")), _("coûts et temps valorisé")),
        (_("Facturé HT"), _money(found.sums("billed")), ""),
        (_("Marge depuis le début"), _money(found.sums("margin")), _("facturé moins dépensé")),
        (
            _("Jalons à l’heure"),
            _percent(kept.rate),
            _("%(kept)s sur %(due)s échus") % {"kept": kept.on_time, "due": kept.due},
        ),
        (
            _("NPS de fin de projet"),
            "—" if score is None else f"{score:+d}".replace("-", "−"),
            _("%(count)s avis ; promoteurs : %(up)s, passifs : %(mid)s, détracteurs : %(down)s")
            % {
                "count": found.nps.answers,
                "up": found.nps.promoters,
                "mid": found.nps.passives,
                "down": found.nps.detractors,
            },
        ),
    ]


def charts_of(found: Reporting) -> list[tuple[str, Chart]]:
    """Return the charts: milestones kept and not by month, hours by month."""
    months = found.months[-12:]
    names = [month_name(month.first) for month in months]
    kept = [month.milestones.on_time for month in months]
    missed = [month.milestones.due - month.milestones.on_time for month in months]
    spent = [month.minutes // 60 for month in months]
    drawn = (
        (
            "jalons",
            bar_chart(
                _("Jalons échus par mois"),
                names,
                [
                    (_("à l’heure"), kept, _texts(names, kept, _("à l’heure"))),
                    (_("en retard"), missed, _texts(names, missed, _("en retard"))),
                ],
                str,
            ),
        ),
        (
            "heures",
            bar_chart(
                _("Heures passées par mois"),
                names,
                [(_("heures"), spent, _texts(names, spent, _("heures")))],
                str,
            ),
        ),
    )
    return [(key, chart) for key, chart in drawn if chart is not None]


def _texts(names: list[str], values: list[int], word: str) -> list[str]:
    return [f"{name} : {value} {word}" for name, value in zip(names, values, strict=True)]


def shown(line: Line) -> dict[str, Any]:
    """Return a row of the table as the page draws it."""
    project, code = line.project, line.project.currency
    return {
        "url": reverse("wagtailsnippets_projects_project:inspect", args=[project.pk]),
        "title": project.title,
        "client": project.client.name,
        "lead": project.lead or "—",
        "status": status_badge(PROJECT_LOOKS[project.status], project.get_status_display()),
        "progress": percent(project.progress),
        "budget": "—" if project.budget is None else format_amount(project.budget, code),
        "used": _percent(line.budget.used),
        "tone": line.budget.tone,
        "hours": hours_text(line.spent.minutes),
        "margin": format_amount(line.margin, code),
        "late": line.late,
        "on_time": _percent(line.milestones.rate),
    }


def _percent(value: int | None) -> str:
    return "—" if value is None else percent(value)


def _money(sums: dict[str, int]) -> str:
    return " + ".join(format_amount(value, code) for code, value in sorted(sums.items())) or "—"


menu.add_page(
    "projets",
    ReportingPage,
    slug="projets/reporting",
    name="projects_reporting",
    order=65,
    label=gettext_lazy("Reporting"),
)
