"""A person’s own page: who they are, how they sign in, whom they work with."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access.views import KeptFormMixin, ScopedActionView
from core.accounts import queries, services
from core.accounts.forms import InviteMemberForm, ProfileForm, ThemeForm
from core.accounts.models import User


class ProfileView(KeptFormMixin, FormView):
    """The profile, and for who manages members, the members."""

    form_class = ProfileForm
    nav_key = "profile"
    template_name = "core/accounts/profile.html"
    success_url = reverse_lazy("profile")

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy: a form that is refused must not change the name at the head of the page.
        person = User.objects.get(pk=self.request.user.pk)
        return {**super().get_form_kwargs(), "instance": person}

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        services.change_profile(user=self.request.user, values=form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(self.request, _("Votre profil est enregistré."))
        return super().form_valid(form)

    def form_invalid(self, form: ProfileForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = self.request.user, timezone.now()
        factors = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        clients = queries.clients_managed_by(user)
        return super().get_context_data(
            has_second_factor=Authenticator.Type.TOTP in factors,
            passkeys=factors.count(Authenticator.Type.WEBAUTHN),
            export=queries.latest_export(user, at=now),
            request_open=queries.open_erasure(user),
            members=queries.members_managed_by(user),
            invitations=queries.invitations_managed_by(user, at=now),
            invite_form=InviteMemberForm(clients=clients) if clients else None,
            **kwargs,
        )


class ThemeView(ScopedActionView):
    """Remembers the theme chosen in the menu."""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ThemeForm(request.POST)
        if form.is_valid():
            services.change_profile(user=request.user, values=form.cleaned_data)
        return redirect("profile")
