"""The home page of the back-office: the team's figures, then what happened lately."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from core.access.row_guard import policy_of
from core.accounts.models import Client, User
from core.backoffice import menu
from core.hooks import team_figures
from core.ui.formats import moment

MOST_ACTS = 10
MOST_SIGN_INS = 6


class FiguresPanel(Component):
    """What is due, late, received, abnormal: each figure leads to the rows behind it."""

    name = "nourx_figures"
    template_name = "core/backoffice/figures.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"figures": team_figures(parent_context["request"])}


class ShortcutsPanel(Component):
    """One button per group of the menu: what the person may make there."""

    name = "nourx_shortcuts"
    template_name = "core/backoffice/shortcuts.html"
    order = 20

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


class ActivityPanel(Component):
    """The last acts, and the last people of clients who signed in. For whoever reads clients."""

    name = "nourx_activity"
    template_name = "core/backoffice/activity.html"
    order = 40

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        if not policy_of(Client).user_has_permission(user, "view"):
            return {"acts": [], "sign_ins": []}
        return {"acts": _last_acts(), "sign_ins": _last_sign_ins()}


def _last_acts() -> list[dict[str, Any]]:
    now = timezone.localtime()
    entries = ModelLogEntry.objects.select_related("user").order_by("-timestamp")[:MOST_ACTS]
    return [
        {
            "what": registry.get_formatter(entry).format_message(entry),
            "label": entry.label,
            "who": entry.user or "NOURX",
            "when": moment(timezone.localtime(entry.timestamp), now),
        }
        for entry in entries
        if registry.action_exists(entry.action)
    ]


def _last_sign_ins() -> list[dict[str, Any]]:
    now = timezone.localtime()
    people = User.objects.filter(is_staff=False, last_login__isnull=False)
    people = people.prefetch_related("memberships__client").order_by("-last_login")
    return [
        {
            "who": person,
            "clients": ", ".join(member.client.name for member in person.memberships.all()),
            "when": moment(timezone.localtime(person.last_login), now),
        }
        for person in people[:MOST_SIGN_INS]
    ]
