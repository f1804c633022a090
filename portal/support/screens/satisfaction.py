"""What clients think of our help, and what we make of it."""

from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.backoffice import menu
from core.backoffice.charts import line_chart
from core.ui.formats import month_name
from portal.projects.models import Task
from portal.support import figures
from portal.support.models import Ticket
from portal.support.screens.report import FigurePage
from portal.support.words import Kind


class SatisfactionPage(FigurePage):
    """Opinions: their mean, their trend, who and what they are about, what was done."""

    page_title = _("Satisfaction")
    header_icon = "pick"
    template_name = "portal/support/backoffice/satisfaction.html"
    export_filename = "satisfaction"
    list_export = [
        "number",
        "subject",
        "client",
        "assignee",
        "rating",
        "rating_comment",
        "rated_at",
    ]

    def get_queryset(self) -> Any:
        rows = figures.rated_in(self.period).select_related("client", "assignee")
        return rows.order_by("-rated_at")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        months = figures.opinions_by_month(self.period)
        found = figures.opinions(self.period)
        return super().get_context_data(
            found=found,
            mean=mean_said(found["mean"]),
            marks=[_mark(found, mark) for mark in range(5, 0, -1)],
            tables=self._tables(),
            chart=_chart(months),
            low=[_low(ticket) for ticket in figures.low_opinions(self.period)],
            export_query=self.request.GET.urlencode(),
            **kwargs,
        )

    def _tables(self) -> list[dict[str, Any]]:
        kinds = dict(Kind.choices)
        people = ("assignee", "assignee__first_name", "assignee__last_name")
        by_person = figures.opinions_by(self.period, *people)
        for row in by_person:
            name = f"{row['assignee__first_name'] or ''} {row['assignee__last_name'] or ''}".strip()
            row["name"] = name or _text("Personne")
        by_policy = figures.opinions_by(self.period, "sla", "sla__name")
        for row in by_policy:
            row["name"] = row["sla__name"] or _text("Sans délai")
        by_kind = figures.opinions_by(self.period, "kind")
        for row in by_kind:
            row["name"] = kinds.get(row["kind"], row["kind"])
        tables = (
            (_("Par personne"), by_person),
            (_("Par délai de service"), by_policy),
            (_("Par type"), by_kind),
        )
        return [
            {"title": title, "rows": [row | {"mean": mean_said(row["mean"])} for row in rows]}
            for title, rows in tables
        ]


def mean_said(mean: float | None) -> str:
    """Write a mean opinion: « 4,3 »; a dash for none."""
    return "—" if mean is None else f"{mean:.1f}".replace(".", ",")


def _mark(found: dict[str, Any], mark: int) -> dict[str, Any]:
    count = found[f"mark_{mark}"]
    return {"mark": mark, "count": count, "share": figures.rate(count, found["total"]) or 0}


def _low(ticket: Ticket) -> dict[str, Any]:
    task = ticket.corrective_task
    page = reverse("wagtailsnippets_support_ticket:inspect", args=[ticket.pk])
    act = reverse("wagtailsnippets_support_ticket:action-corrective", args=[ticket.pk])
    return {
        "ticket": ticket,
        "url": page,
        "act_url": act if task is None else "",
        "task": task,
        "task_url": reverse("wagtailsnippets_projects_task:inspect", args=[task.pk])
        if task is not None
        else "",
        "is_done": task is not None and task.status == Task.Status.DONE,
    }


def _chart(months: list[dict[str, Any]]) -> Any:
    if len(months) < 2:
        return None
    days = [timezone.localtime(row["month"]).date() for row in months]
    return line_chart(
        _("Note moyenne"),
        [month_name(day) for day in days],
        [Fraction(row["mean"]).limit_denominator(100) for row in months],
        [
            f"{month_name(day, with_year=True)} : {mean_said(row['mean'])} ({row['total']})"
            for day, row in zip(days, months, strict=True)
        ],
        lambda value: mean_said(float(value)),
    )


menu.add_page(
    "support", SatisfactionPage, slug="support/satisfaction", name="support_csat", order=25
)
