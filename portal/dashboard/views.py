"""The client's home page: what is asked, where the work stands, what is owed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from core import hooks
from core.access.grants import grants_of
from core.access.roles import Grant
from core.access.views import ScopedActionView, ScopedTemplateView
from portal.dashboard.focus import focus_of, overall_progress, running_cards
from portal.projects.models import Project
from portal.projects.services.projects import choose_project

MOST_TO_DOS = 5
MOST_DATES = 5
MOST_EVENTS = 8


class DashboardView(ScopedTemplateView):
    """The home page, made of what modules plug in."""

    template_name = "portal/dashboard/dashboard.html"
    nav_key = "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request, today = self.request, timezone.localdate()
        panels = hooks.client_panels(request)
        to_dos = hooks.client_to_dos(request)
        deadlines, activity = hooks.client_deadlines(request), hooks.client_activity(request)
        cards = running_cards(request)
        top = [panel for panel in panels if panel.area == "top"]
        return super().get_context_data(
            today=today,
            situation=hooks.client_situation(request),
            to_dos=to_dos[:MOST_TO_DOS],
            to_do_count=len(to_dos),
            focus=focus_of(request, today),
            overall=overall_progress(cards),
            running=len(cards),
            top_panels=top,
            main_panels=[panel for panel in panels if panel.area == "main"],
            aside_panels=[panel for panel in panels if panel.area == "aside"],
            deadlines=deadlines[:MOST_DATES],
            activity=activity[:MOST_EVENTS],
            is_new=not (cards or to_dos or deadlines or activity or top),
            may_write=self._holds(Grant.OPEN_TICKETS),
            may_invite=self._holds(Grant.MANAGE_MEMBERS),
            **kwargs,
        )

    def _holds(self, grant: str) -> bool:
        return bool(grants_of(self.request.user).clients_with(grant))


class ToDosView(ScopedTemplateView):
    """Everything that waits for the client, when the home page shows only the first."""

    template_name = "portal/dashboard/to_dos.html"
    nav_key = "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(to_dos=hooks.client_to_dos(self.request), **kwargs)


class CurrentProjectView(ScopedActionView):
    """Has the home page be about another of the person's projects."""

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = request.POST.get("projet", "")
        pk = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
        project = self.visible_or_404(Project, pk=pk)
        choose_project(project=project, user=request.user, at=timezone.now())
        return redirect("dashboard:home")
