"""Where a person is signed in: noted when a session begins or moves, and now and then after."""

import time

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from core.throttle import address_of

NOTED = "activity_noted"
CAME = "month_came"
person_came = Signal()  # user, at: the first request of a session in a month
PAUSE = 300  # seconds; a row written at each click would cost three queries a page


class SessionActivityMiddleware(UserSessionsMiddleware):
    """Note the device of a session, at most every five minutes unless it changes."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.get_response(request)
        _tell_month(request)
        device = f"{address_of(request)} {request.META.get('HTTP_USER_AGENT', '')}"
        noted_at, noted_device = request.session.get(NOTED, (0, ""))
        if device == noted_device and 0 <= time.time() - noted_at < PAUSE:
            return self.get_response(request)
        request.session[NOTED] = (int(time.time()), device)
        return super().__call__(request)


def _tell_month(request: HttpRequest) -> None:
    """Tell once per session and month that a person is here, long sessions included."""
    now = timezone.localtime()
    if request.session.get(CAME) != f"{now:%Y-%m}":
        request.session[CAME] = f"{now:%Y-%m}"
        person_came.send(SessionActivityMiddleware, user=request.user, at=now)
