"""Pages where a client writes to the support."""

from typing import Any

from django.contrib import messages
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.views import ClientPageMixin, ScopedActionView, ScopedListView
from portal.support import services
from portal.support.forms import AnswerForm, TicketForm
from portal.support.models import Ticket

GLYPHS = {
    Ticket.Status.OPEN: ("todo", ""),
    Ticket.Status.TAKEN: ("half", "now"),
    Ticket.Status.WAITING: ("reply", "warn"),
    Ticket.Status.SOLVED: ("done", "ok"),
    Ticket.Status.CLOSED: ("cancel", ""),
}


class SupportPageMixin(ClientPageMixin):
    """A page of the support."""

    grant = Grant.OPEN_TICKETS
    nav_key = "support"


class TicketListView(SupportPageMixin, ScopedListView):
    """The client's tickets, those that wait for an answer first."""

    model = Ticket
    template_name = "portal/support/ticket_list.html"

    def get_queryset(self) -> Any:
        waiting_first = Case(When(status=Ticket.Status.WAITING, then=0), default=1)
        rows = super().get_queryset().select_related("project")
        return rows.order_by(waiting_first, "-updated_at", "-id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = [(ticket, *GLYPHS[ticket.status]) for ticket in context["object_list"]]
        return context | {"rows": rows}


class NewTicketView(SupportPageMixin, ScopedActionView):
    """Write to the support."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(TicketForm(user=request.user, initial=self._suggested()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TicketForm(request.POST, user=request.user)
        if not form.is_valid():
            return self._page(form, status=422)
        data = form.cleaned_data
        ticket = services.open_ticket(
            client_id=data["client_id"],
            project=data["project"],
            subject=data["subject"],
            body=data["body"],
            priority=data["priority"],
            actor=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Votre demande %s est ouverte.") % ticket.number)
        return redirect("support:ticket", ticket.pk)

    def _suggested(self) -> dict[str, Any]:
        """Return what the link that led here says, and what was typed before the session ended."""
        asked = self.request.GET
        project = asked.get("projet", "")
        return {
            "subject": asked.get("sujet", "")[:200],
            "project": int(project) if project.isdecimal() and len(project) < 19 else None,
        } | self.kept

    def _page(self, form: TicketForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "nav_key": self.nav_key}
        return render(self.request, "portal/support/ticket_new.html", context, status=status)


class TicketView(SupportPageMixin, ScopedActionView):
    """One ticket: what was said, and a place to answer."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(self._ticket(pk), AnswerForm(initial=self.kept))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        ticket, form = self._ticket(pk), AnswerForm(request.POST)
        if not form.is_valid():
            return self._page(ticket, form, status=422)
        try:
            services.answer_as_client(
                ticket=ticket,
                body=form.cleaned_data["body"],
                actor=request.user,
                at=timezone.now(),
            )
        except services.CannotAnswer:
            form.add_error("body", _("Cette demande est fermée : ouvrez-en une nouvelle."))
            return self._page(ticket, form, status=409)
        return redirect(reverse("support:ticket", args=[pk]) + "#repondre")

    def _ticket(self, pk: int) -> Ticket:
        return get_object_or_404(self.visible(Ticket).select_related("project", "assignee"), pk=pk)

    def _page(self, ticket: Ticket, form: AnswerForm, status: int = 200) -> HttpResponse:
        glyph, tone = GLYPHS[ticket.status]
        thread = ticket.messages.visible_to(self.request.user).select_related("author")
        context = {
            "ticket": ticket,
            "glyph": glyph,
            "tone": tone,
            "thread": thread.order_by("created_at", "id"),
            "form": form,
            "nav_key": self.nav_key,
        }
        return render(self.request, "portal/support/ticket_detail.html", context, status=status)
