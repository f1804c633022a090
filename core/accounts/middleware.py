"""A second factor for the team, in this very session."""

from collections.abc import Callable

from allauth.account.internal.flows.reauthentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

ADMIN_AREA = "/admin/"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class StaffSecondFactorMiddleware:
    """Open the admin only to sessions that gave a second factor.

    Whoever has none is led to set one up; whoever has one but came another way gives it now.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._applies_to(request):
            if not Authenticator.objects.filter(user=request.user, type__in=FACTORS).exists():
                return redirect("mfa_index")
            if not self._gave_second_factor(request):
                return redirect("mfa_reauthenticate")
        return self.get_response(request)

    def _applies_to(self, request: HttpRequest) -> bool:
        return (
            settings.STAFF_SECOND_FACTOR_REQUIRED
            and request.path.startswith(ADMIN_AREA)
            and request.user.is_authenticated
        )

    def _gave_second_factor(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, request.user)
        return any(record.get("method") == "mfa" for record in records)
