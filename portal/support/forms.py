"""What a client writes to the support."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.access.grants import grants_of
from core.access.roles import Grant
from core.accounts.models import Client
from portal.projects.models import Project
from portal.support.models import Ticket


class TicketForm(forms.Form):
    """A new request. The client is asked only of somebody who has several."""

    client = forms.ModelChoiceField(label=_("Au nom de"), queryset=Client.objects.none())
    project = forms.ModelChoiceField(
        label=_("Projet"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=_("Aucun en particulier"),
    )
    subject = forms.CharField(label=_("Sujet"), max_length=200)
    priority = forms.TypedChoiceField(
        label=_("Priorité"),
        choices=Ticket.Priority.choices,
        coerce=int,
        initial=Ticket.Priority.NORMAL,
    )
    body = forms.CharField(
        label=_("Message"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6, "data-draft": "ticket"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = grants_of(user).clients_with(Grant.OPEN_TICKETS)
        clients = Client.objects.filter(pk__in=ids).order_by("name")
        self.fields["project"].queryset = Project.objects.visible_to(user).order_by("title")
        self.fields["client"].queryset = clients
        if len(ids) == 1:
            self.fields["client"].required = False
            self.fields["client"].widget = forms.HiddenInput()
            self.only_client = next(iter(ids))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        client_id = data["client"].pk if data.get("client") else getattr(self, "only_client", None)
        project = data.get("project")
        if project is not None and client_id is not None and project.client_id != client_id:
            self.add_error("project", _("Ce projet n’est pas celui de ce client."))
        return data | {"client_id": client_id}


class AnswerForm(forms.Form):
    """A message on a ticket."""

    body = forms.CharField(
        label=_("Votre réponse"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4, "data-draft": "reponse"}),
    )
