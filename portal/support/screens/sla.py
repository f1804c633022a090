"""Promises kept, near their end and broken, by policy and by client."""

from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.backoffice import menu
from core.backoffice.charts import line_chart
from core.ui.formats import month_name
from portal.support import figures
from portal.support.screens.report import FigurePage, spent


class SlaPage(FigurePage):
    """The monitoring of what we promise."""

    page_title = _("Engagements")
    header_icon = "time"
    template_name = "portal/support/backoffice/sla.html"
    export_filename = "engagements"
    list_export = [
        "name",
        "total",
        "answer_rate",
        "solution_rate",
        "risk",
        "late",
        "answer_mean",
        "solution_mean",
    ]
    export_headings = {
        "name": _("Par"),
        "total": _("Demandes"),
        "answer_rate": _("Réponses tenues (%)"),
        "solution_rate": _("Résolutions tenues (%)"),
        "risk": _("À risque"),
        "late": _("En dépassement"),
        "answer_mean": _("Première réponse, en moyenne"),
        "solution_mean": _("Résolution, en moyenne"),
    }

    def get_queryset(self) -> list[dict[str, Any]]:
        """Return the rows of the sheet: each policy, then each client."""
        rows = [*self._by_policy(), *self._by_client()]
        return [
            row
            | {
                "answer_mean": spent(row["answer_mean"]),
                "solution_mean": spent(row["solution_mean"]),
            }
            for row in rows
        ]

    def _by_policy(self) -> list[dict[str, Any]]:
        rows = figures.promises_by(self.period, "sla", "sla__name", now=timezone.now())
        return [
            row | {"name": row["sla__name"] or _text("Sans délai"), "key": ("sla", row["sla"])}
            for row in rows
        ]

    def _by_client(self) -> list[dict[str, Any]]:
        rows = figures.promises_by(self.period, "client", "client__name", now=timezone.now())
        return [
            row | {"name": row["client__name"], "key": ("client", row["client"])} for row in rows
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        months = figures.promises_by_month(self.period, now=now)
        tables = [
            {"title": _("Par délai de service"), "rows": self._shown(self._by_policy())},
            {"title": _("Par client"), "rows": self._shown(self._by_client())},
        ]
        return super().get_context_data(
            whole=self._written(figures.promises_of(self.period, now=now)),
            tables=tables,
            chart=_chart(months),
            months=[self._written(row) | {"name": _month(row)} for row in months],
            export_query=self.request.GET.urlencode(),
            **kwargs,
        )

    def _shown(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        queue = reverse("wagtailsnippets_support_ticket:list")
        found = []
        for row in rows:
            field, key = row["key"]
            base = f"{queue}?{field}={key}" if key else ""
            found.append(
                self._written(row)
                | {
                    "late_url": f"{base}&vue=retard" if base else "",
                    "risk_url": f"{base}&delai=risk" if base else "",
                    "url": f"{base}&vue=toutes" if base else "",
                }
            )
        return found

    def _written(self, row: dict[str, Any]) -> dict[str, Any]:
        return row | {
            "answer_mean": spent(row["answer_mean"]),
            "solution_mean": spent(row["solution_mean"]),
        }


def _month(row: dict[str, Any]) -> str:
    return month_name(timezone.localtime(row["month"]).date(), with_year=True)


def _chart(months: list[dict[str, Any]]) -> Any:
    """Draw the share of solutions in time, month by month; nothing of a single month."""
    if len(months) < 2:
        return None
    values = [
        None if row["solution_rate"] is None else Fraction(row["solution_rate"]) for row in months
    ]
    names = [month_name(timezone.localtime(row["month"]).date()) for row in months]
    texts = [f"{_month(row)} : {row['solution_rate']} %" for row in months]
    return line_chart(_("Résolutions dans les temps (%)"), names, values, texts, str)


menu.add_page("support", SlaPage, slug="support/sla", name="support_sla", order=20)
