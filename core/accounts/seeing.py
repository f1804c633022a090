"""Seeing the portal as a member of a client does: read only, for half an hour, on the record.

Somebody of the team keeps their own session; only pages of the portal take the other's eyes. What
such a page writes by being read (a notice opened, an invoice seen) is taken back, so that the
client's history says nothing that the client did not do.
"""

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _

from core import rls
from core.access import spaces
from core.accounts.middleware import is_team_session
from core.accounts.models import Membership
from core.audit.log import record

KEY = "seeing_as"
LASTS = 30 * 60  # seconds
AREA = "/client/"
OWN = ("/client/profil/", "/client/espace/", "/client/notifications/appareils/")  # a person's own
LISTENING = "/client/direct/"
RIGHT = "accounts.change_membership"


class CannotSee(ValueError):
    """The member is of the team, or their account is closed."""


def start_seeing(request: HttpRequest, *, membership: Membership, reason: str) -> None:
    """Begin to see the portal as a member, in the session of the request.

    :raises CannotSee: if the member is of the team, or their account is closed.
    """
    person = membership.user
    if person.is_staff or not person.is_active:
        raise CannotSee(person.pk)
    record("member_seen", membership, actor=request.user, reason=reason, minutes=LASTS // 60)
    request.session[KEY] = {
        "membership": membership.pk,
        "by": request.user.pk,
        "until": time.time() + LASTS,
    }
    request.session[spaces.KEY] = membership.client_id


def stop_seeing(request: HttpRequest) -> None:
    """Come back to one's own eyes."""
    request.session.pop(spaces.KEY, None)
    seen = request.session.pop(KEY, None)
    if seen is None:
        return
    with rls.staff("seeing: the end of it is kept"):
        membership = Membership.objects.filter(pk=seen["membership"]).first()
    if membership is not None:
        record("member_no_longer_seen", membership, actor=request.user)


class SeeingMiddleware:
    """Answer pages of the portal as the member that somebody of the team looks at them for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(AREA) or KEY not in request.session:
            return self.get_response(request)
        person = self._person(request)
        if person is None:
            stop_seeing(request)
            return self.get_response(request)
        if request.method not in ("GET", "HEAD") or request.path_info.startswith(OWN):
            return _refusal(request)
        if request.path_info.startswith(LISTENING):
            return HttpResponse(status=204)
        return self._read(request, person)

    def _person(self, request: HttpRequest) -> Any:
        """Return whose eyes these are, while the person may still take them."""
        seen, user = request.session[KEY], request.user
        if seen["until"] < time.time() or seen["by"] != user.pk or not is_team_session(request):
            return None
        if not user.has_perm(RIGHT):
            return None
        with rls.staff("seeing: whose eyes these are"):
            rows = Membership.objects.filter(pk=seen["membership"], user__is_active=True)
            row = rows.select_related("user").first()
        return get_user_model().objects.get(pk=row.user_id) if row else None

    def _read(self, request: HttpRequest, person: Any) -> HttpResponseBase:
        """Answer as the person, and take back whatever the page wrote."""
        request.seen_by, request.user = request.user, person  # type: ignore[attr-defined]
        request.seen_until = request.session[KEY]["until"]  # type: ignore[attr-defined]
        with transaction.atomic():
            response = self.get_response(request)
            transaction.set_rollback(True)
        request.user = request.seen_by  # type: ignore[attr-defined]
        return response


def _refusal(request: HttpRequest) -> HttpResponseBase:
    text = _("Vous voyez cet espace en lecture seule : rien n’est envoyé en son nom.")
    if request.headers.get("HX-Request") or not request.accepts("text/html"):
        return HttpResponse(text, status=403, content_type="text/plain; charset=utf-8")
    response = SimpleTemplateResponse("core/accounts/seeing_refused.html", {"text": text})
    response.status_code = 403
    return response.render()
