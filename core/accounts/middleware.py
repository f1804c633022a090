"""The team's sessions: a second factor in this very session, and an end when nobody is there."""

import time
from collections.abc import Callable

from allauth.account.internal.flows.reauthentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

ADMIN_AREA = "/admin/"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


SEEN = "staff_seen"
SECONDS_BETWEEN_MARKS = 60  # so that not every request writes the session


class StaffIdleMiddleware:
    """End a session of the admin that nobody has used for `STAFF_IDLE_SECONDS`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(ADMIN_AREA) and request.user.is_authenticated:
            now = time.time()
            idle = now - request.session.get(SEEN, now)
            if idle > settings.STAFF_IDLE_SECONDS:
                logout(request)
                return redirect_to_login(request.get_full_path())
            if idle > SECONDS_BETWEEN_MARKS or SEEN not in request.session:
                request.session[SEEN] = now
        return self.get_response(request)


class StaffSecondFactorMiddleware:
    """Open the admin only to sessions that gave a second factor.

    Whoever has none is led to set one up; whoever has one but came another way gives it now.
    Scripts get a plain refusal: a page in place of their answer would only confuse them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        step = self._missing_step(request)
        if step is None:
            return self.get_response(request)
        if request.headers.get("X-Requested-With") or not request.accepts("text/html"):
            return JsonResponse({"error": _("Second facteur demandé.")}, status=403)
        came_from = request.get_full_path() if request.method == "GET" else ADMIN_AREA
        return HttpResponseRedirect(f"{reverse(step)}?{urlencode({'next': came_from})}")

    def _missing_step(self, request: HttpRequest) -> str | None:
        """Return the page that comes before the admin, if one does."""
        if not settings.STAFF_SECOND_FACTOR_REQUIRED:
            return None
        if not request.path_info.startswith(ADMIN_AREA) or not request.user.is_authenticated:
            return None
        if not Authenticator.objects.filter(user=request.user, type__in=FACTORS).exists():
            return "mfa_activate_totp"
        return None if _gave_second_factor(request) else "mfa_reauthenticate"


def is_team_session(request: HttpRequest) -> bool:
    """Tell whether this session may read what is the team's outside the admin.

    It asks for what the admin asks for: the right to enter it, a second factor, and a recent use.
    """
    user = request.user
    if not user.is_authenticated or not user.is_staff:
        return False
    if not user.has_perm("wagtailadmin.access_admin"):
        return False
    if time.time() - request.session.get(SEEN, time.time()) > settings.STAFF_IDLE_SECONDS:
        return False
    return not settings.STAFF_SECOND_FACTOR_REQUIRED or _gave_second_factor(request)


def _gave_second_factor(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)
