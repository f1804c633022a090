"""Where a client finds their requests, and opens a new one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.views import ClientPageMixin, OnceOnlyMixin, ScopedActionView, ScopedListView
from portal.knowledge.queries import suggestions
from portal.support import queries, services
from portal.support.forms import TicketForm
from portal.support.models import Ticket

GLYPHS = {
    Ticket.Status.OPEN: ("todo", ""),
    Ticket.Status.TAKEN: ("half", "now"),
    Ticket.Status.WAITING: ("reply", "warn"),
    Ticket.Status.SOLVED: ("done", "ok"),
    Ticket.Status.CLOSED: ("cancel", ""),
}
TABS = (
    ("", _("Toutes")),
    ("ouvertes", _("Ouvertes")),
    ("attente", _("En attente de vous")),
    ("resolues", _("Résolues")),
)


class SupportPageMixin(ClientPageMixin):
    """A page of the support."""

    grant = Grant.OPEN_TICKETS
    nav_key = "support"


class TicketListView(SupportPageMixin, ScopedListView):
    """The client's tickets, those that wait for an answer first."""

    model = Ticket
    template_name = "portal/support/ticket_list.html"

    def get_queryset(self) -> Any:
        asked = self.request.GET
        self.words = asked.get("q", "").replace("\0", "").strip()[:100]
        self.state = asked.get("etat", "") if asked.get("etat") in queries.STATES else ""
        self.is_mine = asked.get("qui") == "moi"
        return queries.tickets_for(
            self.request.user, state=self.state, is_mine=self.is_mine, words=self.words
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        rows = [
            (ticket, *GLYPHS[ticket.status], queries.is_unread(ticket, user))
            for ticket in context["object_list"]
        ]
        return context | {
            "rows": rows,
            "words": self.words,
            "state": self.state,
            "is_mine": self.is_mine,
            "is_narrowed": bool(self.words or self.state or self.is_mine),
            "tabs": [{"key": key, "label": label, "url": self._url(key)} for key, label in TABS],
        }

    def _url(self, state: str) -> str:
        """Return this list in another state, narrowed as it is."""
        query = self.request.GET.copy()
        query.pop("page", None)
        query["etat"] = state
        return "?" + query.urlencode()


class NewTicketView(OnceOnlyMixin, SupportPageMixin, ScopedActionView):
    """Write to the support."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(TicketForm(user=request.user, initial=self._suggested()))

    def take(self, request: HttpRequest) -> HttpResponse:
        form = TicketForm(request.POST, request.FILES, user=request.user)
        if not form.is_valid():
            return self._page(form, status=422)
        names = ("client_id", "project", "subject", "body", "priority", "kind", "files", "follows")
        values = {name: form.cleaned_data[name] for name in names}
        try:
            ticket = services.open_ticket(**values, actor=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error("files", refusal.messages[0])
            return self._page(form, status=422)
        text = _("Demande %s envoyée. Un accusé de réception part à votre adresse e-mail.")
        messages.success(request, text % ticket.number)
        return redirect("support:ticket", ticket.pk)

    def _suggested(self) -> dict[str, Any]:
        """Return what the link that led here says, and what was typed before the session ended."""
        asked = self.request.GET
        before = self._followed(asked.get("suite", ""))
        subject = asked.get("sujet", "").replace("\0", "")
        kind = asked.get("type", "")
        return {
            "subject": (subject or (before.subject if before else ""))[:200],
            "project": _number(asked.get("projet", "")) or (before and before.project_id),
            "kind": kind if kind in Ticket.Kind.values else Ticket.Kind.QUESTION,
            "follows": before,
        } | self.kept

    def _followed(self, pk: str) -> Ticket | None:
        """Return the ticket that the new one follows, when the address names one."""
        number = _number(pk)
        return self.visible(Ticket).filter(pk=number).first() if number is not None else None

    def _page(self, form: TicketForm, status: int = 200) -> HttpResponse:
        subject = str(form["subject"].value() or "")
        context = {
            "form": form,
            "followed": self._followed(str(form["follows"].value() or "")),
            "articles": suggestions(self.request.user, subject) if subject else [],
            "nav_key": self.nav_key,
        }
        return render(self.request, "portal/support/ticket_new.html", context, status=status)


class SuggestionView(SupportPageMixin, ScopedActionView):
    """Articles that may answer what is being typed: a fragment of the new request's page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        subject = request.GET.get("subject", "").replace("\0", "")[:200]
        context = {"articles": suggestions(request.user, subject)}
        return render(request, "portal/support/parts/suggestions.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
