"""The home page of the back-office: figures, what to look at today, what happened lately."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from core.access.row_guard import policy_of
from core.backoffice import activity, menu
from core.backoffice.alerts import DELAY_WORDS, ORDERS, URGENCY, todays_alerts
from core.hooks import TeamFigure, alert_task_page, team_figures

MOST_OF_KIND = 5
MOST_ALERTS = 12
MOST_IN_COLUMN = 5
LOOKS_AGAIN_AFTER = 30  # seconds
STRIPS = {
    "commercial": _("Commercial"),
    "projets": _("Projets"),
    "support": _("Support"),
    "facturation": _("Finance"),
}
STRIP_OF = {
    "taches": "projets",
    "documents": "projets",
    "relances": "facturation",
    "encaissements": "facturation",
    "tresorerie": "facturation",
    "comptabilite": "facturation",
    "connaissances": "support",
    "": "facturation",
}


@dataclass(frozen=True)
class Strip:
    """Figures of one part of the work."""

    label: Any
    figures: list[TeamFigure]

    @property
    def is_wide(self) -> bool:
        """Tell whether its figures need two columns."""
        return len(self.figures) > MOST_IN_COLUMN


def strips(figures: list[TeamFigure]) -> list[Strip]:
    """Return the figures by part of the work, parts without one left out."""
    found: dict[str, list[TeamFigure]] = {key: [] for key in STRIPS}
    for figure in figures:
        key = STRIP_OF.get(figure.group, figure.group)
        found[key if key in found else "facturation"].append(figure)
    return [Strip(STRIPS[key], rows) for key, rows in found.items() if rows]


class ShortcutsPanel(Component):
    """One button per group of the menu: what the person may make there."""

    name = "nourx_shortcuts"
    template_name = "core/backoffice/shortcuts.html"
    order = 5

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        viewsets = [screen.model.snippet_viewset for screen in menu.first_screens()]
        return {
            "shortcuts": [
                {"label": viewset.add_label, "url": reverse(viewset.get_url_name("add"))}
                for viewset in viewsets
                if viewset.add_label and policy_of(viewset.model).user_has_permission(user, "add")
            ]
        }


class FiguresPanel(Component):
    """How projects, sales, money and support stand: each figure leads to the rows behind it."""

    name = "nourx_figures"
    template_name = "core/backoffice/figures.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"strips": strips(team_figures(parent_context["request"]))}


class TodayPanel(Component):
    """What to look at today, beside what happened lately; looked at again by itself."""

    name = "nourx_today"
    template_name = "core/backoffice/today.html"
    order = 20

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return today_context(parent_context["request"])


def today_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the lower half of the home page shows: alerts and activity."""
    asked = request.GET.get("ordre", "")
    order = asked if asked in ORDERS else URGENCY
    today = todays_alerts(request, at=timezone.localtime(), most=MOST_OF_KIND, order=order)
    return {
        "csrf_token": get_token(request),  # a panel is drawn without the request
        "today": today,
        "alerts": alert_rows(request, today.rows[:MOST_ALERTS]),
        "order": order,
        "orders": ORDERS,
        "delays": DELAY_WORDS,
        "again_after": LOOKS_AGAIN_AFTER,
        "here": reverse("wagtailadmin_home"),
        **activity.latest(request.user),
    }


def alert_rows(request: HttpRequest, rows: Any) -> list[dict[str, Any]]:
    """Return alerts with the address that makes a task of each, for a template."""
    page = alert_task_page(request)
    return [
        {"shown": row, "alert": row.alert, "task_url": page and f"{page}?{_of_task(row.alert)}"}
        for row in rows
    ]


def _of_task(alert: Any) -> str:
    facts = {
        "alerte": alert.key,
        "titre": alert.title,
        "lien": alert.url,
        "projet": alert.project_id or "",
        "client": alert.client_id or "",
    }
    return urlencode({name: value for name, value in facts.items() if value})
