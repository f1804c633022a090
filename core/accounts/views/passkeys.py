"""Passkeys: adding one behind the device's own lock."""

from typing import Any

from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.urls import reverse


class AddPasskeyView(AddWebAuthnView):
    """Adds a passkey that finds its account by itself and asks a finger, a face or a code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options = super().get_context_data(**kwargs)
        creation = auth.begin_registration(self.request.user, passwordless=True)  # type: ignore[arg-type]
        return {**options, "js_data": {"creation_options": creation}}

    def get_success_url(self) -> str:
        if self.did_generate_recovery_codes:
            return reverse("mfa_view_recovery_codes")
        return reverse("mfa_list_webauthn")
