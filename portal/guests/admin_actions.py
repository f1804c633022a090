"""What the team does with the link of a client: make it, make another, end it."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Client
from core.backoffice.actions import RecordAction
from core.ui.formats import date_long
from portal.guests import services
from portal.guests.models import PortalLink


class MakePortalLink(RecordAction):
    """Makes the link and shows it, once."""

    name = "portal-link"
    label = _("Générer lien portail")
    icon_name = "link"
    permission = "change"
    question = _(
        "Qui a ce lien voit, sans compte, les prestations à payer et les dernières demandes du "
        "client, et peut écrire au support. Le lien précédent, s’il y en a un, ne s’ouvrira plus."
    )

    def form_valid(self, form: forms.Form) -> HttpResponse:
        link, token = services.make_link(
            client=self.object, actor=self.request.user, at=timezone.now()
        )
        url = settings.BASE_URL + reverse("guests:enter", args=[token])
        context = self.get_context_data(
            url=url, until=date_long(timezone.localdate(link.expires_at)), link=link
        )
        response = render(self.request, "portal/guests/admin/link_made.html", context)
        response["Cache-Control"] = "private, no-store"
        return response


class RevokePortalLink(RecordAction):
    """Ends the link: whoever has it finds nothing."""

    name = "revoke-portal-link"
    label = _("Annuler le lien portail")
    icon_name = "cross"
    permission = "change"
    is_serious = True
    is_listed = False
    question = _("Le lien ne s’ouvrira plus, tout de suite.")
    success = _("Le lien portail est annulé.")

    def perform(self, record: Client, actor: Any) -> None:
        services.revoke_link(client=record, actor=actor, at=timezone.now())

    @classmethod
    def is_offered(cls, record: Client) -> bool:
        return PortalLink.objects.filter(client=record, revoked_at=None).exists()
