"""Seeing the portal as a member does: the button of a member, and the way back."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin import messages

from core.accounts.models import Membership
from core.accounts.seeing import CannotSee, start_seeing, stop_seeing
from core.audit.log import declare
from core.backoffice.actions import RecordAction, add_action

declare(
    member_seen=_("Espace regardé à la place du membre"),
    member_no_longer_seen=_("Fin du regard sur l’espace du membre"),
)


class ReasonForm(forms.Form):
    """Why somebody of the team looks."""

    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=200,
        help_text=_("Gardé dans l’historique, avec votre nom et l’heure."),
    )


class SeeAsMember(RecordAction):
    """See the portal as the member does, read only, for half an hour."""

    name = "voir-comme"
    label = _("Voir son espace")
    icon_name = "view"
    question = _(
        "Vous verrez l’espace client avec ses droits, en lecture seule, pendant trente minutes. "
        "Rien de ce que vous ouvrez ne compte comme lu par le client."
    )
    form_class = ReasonForm
    refusals = {CannotSee: _("Ce compte est fermé, ou il est de l’équipe.")}

    def perform(self, record: Membership, actor: Any, *, reason: str) -> None:
        start_seeing(self.request, membership=record, reason=reason)

    @classmethod
    def is_offered(cls, record: Membership) -> bool:
        return record.user.is_active and not record.user.is_staff

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response = super().form_valid(form)
        is_done = response.status_code == 302 and "seeing_as" in self.request.session
        return redirect("/client/") if is_done else response


add_action(Membership, SeeAsMember)


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Come back to one's own eyes."""
    seen = request.session.get("seeing_as")
    stop_seeing(request)
    messages.success(request, _text("Vous êtes revenu à votre propre compte."))
    if seen is None:
        return redirect("wagtailadmin_home")
    return redirect("wagtailsnippets_accounts_membership:inspect", seen["membership"])


@hooks.register("register_admin_urls")
def seeing_addresses() -> list[Any]:
    return [path("voir-comme/fin/", stop, name="nourx_stop_seeing")]
