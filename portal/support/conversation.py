"""One request of a client: what was said, where it stands, and a place to answer."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.views import OnceOnlyMixin, ScopedActionView
from core.files.links import download_response
from portal.knowledge.queries import suggestions
from portal.support import queries, services
from portal.support.forms import AnswerForm, RatingForm
from portal.support.models import Ticket, TicketAttachment, TicketEvent, TicketMessage
from portal.support.promises import promise_now
from portal.support.views import GLYPHS, SupportPageMixin

SHOWN = 60  # entries of a thread before the link to the earlier ones
EVENT_ICONS = {
    TicketEvent.Kind.TAKEN: "clock",
    TicketEvent.Kind.WAITING: "history",
    TicketEvent.Kind.SOLVED: "check",
    TicketEvent.Kind.REOPENED: "refresh",
    TicketEvent.Kind.CLOSED: "lock",
    TicketEvent.Kind.MERGED: "link",
    TicketEvent.Kind.SPLIT: "link",
}


class OneTicketMixin(SupportPageMixin):
    """A page of one ticket, which belongs to the person's client or does not exist."""

    def ticket(self, pk: int) -> Ticket:
        """Return the ticket, or answer 404."""
        related = ("project", "assignee", "opened_by", "follows")
        rows = queries.with_reading(self.visible(Ticket), self.request.user)
        return get_object_or_404(rows.select_related(*related), pk=pk)

    def led_on(self, pk: int) -> HttpResponse | None:
        """Lead to the request that another was merged into, with a word; None for any other."""
        ticket = self.ticket(pk)
        if ticket.merged_into_id is None:
            return None
        into = services.final_ticket(ticket)
        text = _("La demande %(old)s est réunie à celle-ci : tout continue ici.")
        messages.info(self.request, text % {"old": ticket.number})
        return redirect("support:ticket", into.pk)

    def page(
        self,
        ticket: Ticket,
        *,
        form: AnswerForm | None = None,
        rating: RatingForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Draw the ticket, with the forms that were refused."""
        at = timezone.now()
        context = {
            **_thread(self.request, ticket),
            **_standing(ticket, at),
            "form": form or AnswerForm(initial=self.kept),
            "rating_form": rating or _rating_form(ticket),
            "rating_is_open": rating is not None,
            "nav_key": self.nav_key,
        }
        template = "portal/support/ticket_detail.html"
        response = render(self.request, template, context, status=status)
        if status == 200 and _has_news(ticket, context["newest_at"]):
            services.mark_read(ticket=ticket, user=self.request.user, at=at)
        return response


class TicketView(OnceOnlyMixin, OneTicketMixin, ScopedActionView):
    """The thread of a ticket; a POST adds to it, or opens it again."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.led_on(pk) or self.page(self.ticket(pk))

    def take(self, request: HttpRequest, pk: int) -> HttpResponse:
        ticket, form = self.ticket(pk), AnswerForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(ticket, form=form, status=422)
        at = timezone.now()
        try:
            message = services.answer_as_client(
                ticket=ticket, **form.cleaned_data, actor=request.user, at=at
            )
        except services.CannotAnswer:
            ticket.refresh_from_db()
            form.add_error("body", _("Cette demande est fermée : ouvrez-en une nouvelle."))
            return self.page(ticket, form=form, status=409)
        except ValidationError as refusal:
            form.add_error("files", refusal.messages[0])
            return self.page(ticket, form=form, status=422)
        return redirect(reverse("support:ticket", args=[pk]) + f"#message-{message.pk}")


class SolveView(OnceOnlyMixin, OneTicketMixin, ScopedActionView):
    """Say that a request is solved."""

    http_method_names = ["post", "options"]

    def take(self, request: HttpRequest, pk: int) -> HttpResponse:
        services.mark_solved(ticket=self.ticket(pk), actor=request.user, at=timezone.now())
        messages.success(request, _("Merci, c’est noté. Dites-nous comment cela s’est passé."))
        return redirect(reverse("support:ticket", args=[pk]) + "#avis")


class RateView(OnceOnlyMixin, OneTicketMixin, ScopedActionView):
    """Say how the help was."""

    http_method_names = ["post", "options"]

    def take(self, request: HttpRequest, pk: int) -> HttpResponse:
        ticket, form = self.ticket(pk), RatingForm(request.POST)
        if not form.is_valid():
            return self.page(ticket, rating=form, status=422)
        try:
            services.rate_ticket(
                ticket=ticket, **form.cleaned_data, actor=request.user, at=timezone.now()
            )
        except services.CannotRate:
            form.add_error(None, _("Cette demande ne peut plus être notée."))
            return self.page(ticket, rating=form, status=409)
        messages.success(request, _("Merci de votre avis."))
        return redirect(reverse("support:ticket", args=[pk]) + "#avis")


class DownloadView(SupportPageMixin, ScopedActionView):
    """Hand over a file of a message that the person may read."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
        rows = self.visible(TicketAttachment).select_related("file")
        attachment = get_object_or_404(rows, ticket_id=pk, pk=file_pk)
        inline = request.GET.get("voir") == "1"
        return download_response(request, attachment.file, inline=inline)


def _rating_form(ticket: Ticket) -> RatingForm:
    return RatingForm(initial={"rating": ticket.rating, "comment": ticket.rating_comment})


def _thread(request: HttpRequest, ticket: Ticket) -> dict[str, Any]:
    """Return the messages and events to show, and how many are left out."""
    said = list(queries.messages_of(ticket, request.user))
    events = list(
        ticket.events.visible_to(request.user)  # type: ignore[attr-defined]
        .select_related("actor")
        .order_by("created_at", "pk")
    )
    entries = queries.thread_of(said, events)
    is_whole = "tout" in request.GET or len(entries) <= SHOWN + 10
    shown = entries if is_whole else entries[-SHOWN:]
    is_fresh = ticket.answered_at is None and len(said) <= 1 and not ticket.is_over
    return {
        "ticket": ticket,
        "entries": [_entry(entry) for entry in shown],
        "left_out": len(entries) - len(shown),
        "attachments": [file for message in said for file in message.attachments.all()],  # type: ignore[attr-defined]
        "articles": suggestions(request.user, ticket.subject) if is_fresh else [],
        "newest_at": entries[-1].created_at if entries else None,
        "taken_at": next((row.created_at for row in events if row.kind == "taken"), None),
    }


def _has_news(ticket: Any, newest_at: datetime | None) -> bool:
    """Tell whether something happened since the person last read the ticket."""
    return ticket.read_at is None or (newest_at is not None and newest_at > ticket.read_at)


def _entry(entry: TicketMessage | TicketEvent) -> dict[str, Any]:
    if isinstance(entry, TicketMessage):
        return {"message": entry}
    return {"event": entry, "icon": EVENT_ICONS[TicketEvent.Kind(entry.kind)]}


def _standing(ticket: Ticket, at: datetime) -> dict[str, Any]:
    """Return where a ticket stands, and what may be done with it now."""
    glyph, tone = GLYPHS[Ticket.Status(ticket.status)]
    promise, is_late = promise_now(ticket, at)
    return {
        "glyph": glyph,
        "tone": tone,
        "promise": promise,
        "is_late": is_late,
        "may_reopen": ticket.may_reopen(at),
        "may_rate": ticket.may_rate(at),
    }
