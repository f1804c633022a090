"""The link at the foot of a mail that stops this kind of mail, without signing in (RFC 8058)."""

from typing import Any

from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from core.notify.events import events
from core.notify.unsubscribing import WrongLink, read_token
from core.notify.wishes import DIGEST, resume_mail, stop_mail

AGAIN = "reprendre"


@method_decorator([csrf_exempt, never_cache], name="dispatch")  # the mail reader posts by itself
class StopMailView(View):
    """Asks on a GET, because scanners open links; acts on a POST, and can take it back.

    Whoever holds the link can stop or resume mails of one event to one person: nothing else, and
    no page says who that is.
    """

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any):
        try:
            user_id, self.event = read_token(token)
        except WrongLink as error:
            raise Http404 from error
        self.person = get_object_or_404(get_user_model(), pk=user_id)
        if self.event != DIGEST and (found := events().get(self.event)) and found.kept:
            raise Http404
        with translation.override(self.person.language):
            return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, "ask")

    def post(self, request: HttpRequest) -> HttpResponse:
        if AGAIN in request.POST:
            resume_mail(user=self.person, event=self.event)
            return self._page(request, "resumed")
        stop_mail(user=self.person, event=self.event)
        return self._page(request, "stopped")

    def _page(self, request: HttpRequest, state: str) -> HttpResponse:
        event = events().get(self.event)
        label = event.label if event else _("tous les e-mails facultatifs")
        return render(request, "core/notify/stop_mail.html", {"state": state, "label": label})
