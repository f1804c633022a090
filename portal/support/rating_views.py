"""The page on which somebody who holds the link of a mail says how a ticket went."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from core import rls
from core.throttle import address_of, is_too_often
from portal.support import services
from portal.support.forms import RatingForm
from portal.support.models import Ticket
from portal.support.rating_links import read_token

MOST_VISITS, WITHIN = 60, 60  # seconds


class RateByLinkView(View):
    """One question and its button. It signs nobody in, and shows nothing of what was said."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = f"rating:{address_of(request)}"
        if is_too_often(key, most=MOST_VISITS, seconds=WITHIN, without_redis=True):
            return render(request, "429.html", status=429)
        known = read_token(kwargs["token"])
        if known is None:
            raise Http404
        ticket_id, client_id = known
        with rls.clients(client_id):
            self.ticket = Ticket.objects.filter(pk=ticket_id, client=client_id).first()
            if self.ticket is None or not self.ticket.is_over:
                raise Http404
            response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        asked = request.GET.get("note", "")
        note = int(asked) if asked in ("1", "2", "3", "4", "5") else self.ticket.rating
        initial = {"rating": note, "comment": self.ticket.rating_comment}
        return self._page(request, RatingForm(initial=initial))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = RatingForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            services.rate_by_link(ticket=self.ticket, **form.cleaned_data, at=timezone.now())
        except services.CannotRate:
            form.add_error(None, _("Cette demande ne peut plus être notée."))
            return self._page(request, form, status=409)
        return redirect(f"{request.path}?merci=1")

    def _page(self, request: HttpRequest, form: RatingForm, status: int = 200) -> HttpResponse:
        context = {
            "ticket": self.ticket,
            "form": form,
            "may_rate": self.ticket.may_rate(timezone.now()),
            "is_thanked": "merci" in request.GET,
        }
        return render(request, "portal/support/rate_by_link.html", context, status=status)
