"""The members of one's company: inviting, changing a role, letting go."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access.roles import Grant
from core.access.views import ClientPageMixin, KeptFormMixin, ScopedActionView
from core.accounts import queries, services
from core.accounts.forms import InviteMemberForm, RoleForm
from core.accounts.models import Membership


class InviteMemberView(KeptFormMixin, FormView):
    """Invites somebody to one of the companies whose members a person manages."""

    grant = Grant.MANAGE_MEMBERS
    form_class = InviteMemberForm
    nav_key = "profile"
    template_name = "core/accounts/invite_member.html"
    success_url = reverse_lazy("profile")

    def get_form_kwargs(self) -> dict[str, Any]:
        clients = queries.clients_managed_by(self.request.user)
        return {**super().get_form_kwargs(), "clients": clients}

    def form_valid(self, form: InviteMemberForm) -> HttpResponse:
        services.invite_member(actor=self.request.user, at=timezone.now(), **form.cleaned_data)
        text = _("L’invitation part à l’adresse %(email)s.")
        messages.success(self.request, text % {"email": form.cleaned_data["email"]})
        return super().form_valid(form)


class MemberMixin(ClientPageMixin):
    """An act on a member of a company that one manages."""

    grant = Grant.MANAGE_MEMBERS

    def member(self, pk: int) -> Membership:
        return get_object_or_404(queries.members_managed_by(self.request.user), pk=pk)

    def refuse_last_owner(self) -> None:
        text = _("Une société garde au moins un responsable : nommez-en un autre d’abord.")
        messages.error(self.request, text)


class ChangeRoleView(MemberMixin, ScopedActionView):
    """Gives a member another role."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        member, form = self.member(pk), RoleForm(request.POST)
        if form.is_valid():
            try:
                services.change_role(membership=member, actor=request.user, **form.cleaned_data)
                messages.success(request, _("Le rôle est changé."))
            except services.LastOwner:
                self.refuse_last_owner()
        return redirect("profile")


class RemoveMemberView(MemberMixin, ScopedActionView):
    """Ends a membership; the person's open sessions end with it."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            services.remove_member(membership=self.member(pk), actor=request.user)
            messages.success(request, _("Cette personne n’a plus accès à votre espace."))
        except services.LastOwner:
            self.refuse_last_owner()
        return redirect("entrance")


class RevokeInvitationView(ScopedActionView):
    """Closes an invitation that nobody has accepted yet."""

    grant = Grant.MANAGE_MEMBERS

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        open_ones = queries.invitations_managed_by(request.user, at=timezone.now())
        services.revoke_invitation(
            invitation=get_object_or_404(open_ones, pk=pk), actor=request.user, at=timezone.now()
        )
        messages.success(request, _("L’invitation est annulée."))
        return redirect("profile")
