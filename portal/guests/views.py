"""The small portal of a client without an account: what is to pay, what was asked, a question.

The address of the link is exchanged at once for a cookie of these pages alone and a clean
address, so that neither history nor referrer keeps it. It signs nobody in.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from core import hooks, rls
from core.accounts.models import Client
from core.throttle import address_of, is_too_often
from portal.guests import services
from portal.guests.forms import QuestionForm
from portal.guests.models import PortalLink
from portal.guests.visitor import LinkVisitor
from portal.support.by_link import open_ticket_by_link
from portal.support.models import Ticket

COOKIE, SALT, AREA = "nourx-lien", "nourx.guests.link", "/portail/"
COOKIE_SECONDS = 12 * 3600
MOST_TICKETS = 5
MOST_VISITS, MOST_QUESTIONS = (120, 60), (5, 3600)  # so many within so many seconds


class OfLinks(View):
    """Headers of every page that a link opens, and its limit."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        most, seconds = MOST_VISITS
        key = f"portal:{address_of(request)}"
        if is_too_often(key, most=most, seconds=seconds, without_redis=True):
            response: HttpResponseBase = render(request, "429.html", status=429)
        else:
            response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        patch_vary_headers(response, ["Cookie"])
        return response


class EnterView(OfLinks):
    """The link itself: it leads to the clean address, or says nothing of why it does not."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        link = services.open_link(token, at=timezone.now())
        if link is None:
            raise Http404
        response = redirect("guests:portal")
        response.set_signed_cookie(
            COOKIE,
            str(link.pk),
            salt=SALT,
            max_age=COOKIE_SECONDS,
            path=AREA,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        return response


class LinkedPage(OfLinks):
    """A page that a link opened: it sees the rows of its client, as a guest does."""

    link: PortalLink
    visitor: LinkVisitor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        opened = request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=COOKIE_SECONDS)
        link = services.live_link(int(opened), at=timezone.now()) if opened else None
        if link is None:
            raise Http404
        self.link, self.visitor = link, LinkVisitor(link.client_id)
        with rls.clients(link.client_id), transaction.atomic():
            return super().dispatch(request, *args, **kwargs)


class PortalView(LinkedPage):
    """Everything on one page."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(QuestionForm())

    def page(self, form: QuestionForm, status: int = 200) -> HttpResponse:
        tickets = Ticket.objects.visible_to(self.visitor).order_by("-updated_at", "-pk")
        sent = self.request.GET.get("demande", "").replace("\0", "")[:20]
        context = {
            "sent": sent if sent and tickets.filter(number=sent).exists() else "",
            "client_name": Client.objects.values_list("name", flat=True).get(
                pk=self.link.client_id
            ),
            "services": hooks.linked_services(self.visitor),
            "tickets": [
                {"number": row.number, "subject": row.subject, "status": row.get_status_display()}
                for row in tickets[:MOST_TICKETS]
            ],
            "form": form,
        }
        return render(self.request, "portal/guests/portal.html", context, status=status)


class QuestionView(PortalView):
    """Takes a question and says its number."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = QuestionForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        most, seconds = MOST_QUESTIONS
        if is_too_often(f"question:{self.link.pk}", most=most, seconds=seconds):
            form.add_error(
                None, _("Vous avez déjà écrit plusieurs fois. Réessayez dans une heure.")
            )
            return self.page(form, status=429)
        data = form.cleaned_data
        ticket = open_ticket_by_link(
            client_id=self.link.client_id,
            name=data["name"],
            subject=data["subject"],
            body=data["body"],
            at=timezone.now(),
        )
        return redirect(f"{reverse('guests:portal')}?demande={ticket.number}")
