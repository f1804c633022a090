"""Coming in: where a person belongs, and the page an invitation opens."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from core.access.grants import grants_of
from core.access.roles import Grant
from core.accounts import services
from core.accounts.forms import AcceptInvitationForm

INVITATION = "core/accounts/invitation.html"


class EntranceView(LoginRequiredMixin, View):
    """Leads each person to their own side: the team, a client's space, or a word of explanation."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_staff and request.user.has_perm("wagtailadmin.access_admin"):
            return redirect("wagtailadmin_home")
        if grants_of(request.user).clients_with(Grant.ENTER):
            return redirect("/client/")
        return render(request, "core/accounts/no_space.html")


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class InvitationView(View):
    """The page behind the link of an invitation. A link that is over reads like an unknown one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.invitation = services.find_invitation(kwargs["token"], at=timezone.now())
            response = super().dispatch(request, *args, **kwargs)
        except services.InvitationOver:
            response = render(request, "core/accounts/invitation_over.html", status=404)
        # The address itself is the key. « no-referrer » would blank the Origin that forms need.
        response["Referrer-Policy"] = "same-origin"
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page(self.form(initial=self.names()))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.user.is_authenticated:
            return self.join(request, token)
        form = self.form(request.POST)
        if self.has_account() or not form.is_valid():
            return self.page(form)
        user = services.accept_invitation(token=token, at=timezone.now(), **form.cleaned_data)
        record_authentication(request, user, "password", email=user.email)
        return perform_login(request, user)

    def join(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            services.join_with_account(token=token, user=request.user, at=timezone.now())
        except services.NotTheInvited:
            return self.page(None)
        return redirect("entrance")

    def page(self, form: AcceptInvitationForm | None) -> HttpResponse:
        """Show the way to accept that fits: a new account, signing in, or one press."""
        user = self.request.user
        context = {
            "form": form,
            "invitation": self.invitation,
            "has_account": self.has_account(),
            "is_invited": user.is_authenticated
            and user.email.lower() == self.invitation.email.lower(),
        }
        return render(self.request, INVITATION, context)

    def form(self, *args: Any, **kwargs: Any) -> AcceptInvitationForm:
        invited = self.invitation
        return AcceptInvitationForm(
            *args, email=invited.email, is_team=bool(invited.staff_role), **kwargs
        )

    def has_account(self) -> bool:
        return services.account_of(self.invitation) is not None

    def names(self) -> dict[str, str]:
        first, _space, last = self.invitation.name.partition(" ")
        return {"first_name": first, "last_name": last}
