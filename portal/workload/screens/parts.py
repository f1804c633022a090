"""Parts shared by the pages of tasks: who may open them, days of the address, moves of a week."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.access.row_guard import policy_of

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


class TeamPage(WagtailAdminTemplateMixin, TemplateView):
    """A page of the team, for whoever holds a right on a model."""

    model: Any
    permission = "view"
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policy_of(self.model).user_has_permission(request.user, self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def may(self, permission: str) -> bool:
        """Tell whether the person holds a right on the model of the page."""
        return policy_of(self.model).user_has_permission(self.request.user, permission)


def day_of(text: str, default: date) -> date:
    """Read a day of an address; another one when it says none, or one that nobody means."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return default
    return day if FIRST_DAY <= day <= LAST_DAY else default


def key_of(text: str) -> int | None:
    """Read the key of a row in an address, or nothing."""
    return int(text) if text.isdecimal() and len(text) < 18 else None


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())
