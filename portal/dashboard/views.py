"""The client's home page: what is asked, where the work stands, what is owed."""

from typing import Any

from django.utils import timezone

from core import hooks
from core.access.grants import grants_of
from core.access.roles import Grant
from core.access.views import ScopedTemplateView

MOST_TO_DOS = 5
MOST_DATES = 5
MOST_EVENTS = 5


class DashboardView(ScopedTemplateView):
    """The home page, made of what modules plug in."""

    template_name = "portal/dashboard/dashboard.html"
    nav_key = "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = self.request
        panels = hooks.client_panels(request)
        to_dos = hooks.client_to_dos(request)
        return super().get_context_data(
            today=timezone.localdate(),
            situation=hooks.client_situation(request),
            to_dos=to_dos[:MOST_TO_DOS],
            to_do_count=len(to_dos),
            top_panels=[panel for panel in panels if panel.area == "top"],
            main_panels=[panel for panel in panels if panel.area == "main"],
            aside_panels=[panel for panel in panels if panel.area == "aside"],
            deadlines=hooks.client_deadlines(request)[:MOST_DATES],
            activity=hooks.client_activity(request)[:MOST_EVENTS],
            may_write=bool(grants_of(request.user).clients_with(Grant.OPEN_TICKETS)),
            **kwargs,
        )
