"""What a client writes to the support."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.access.grants import grants_of
from core.access.roles import Grant
from core.files.forms import AttachmentsField
from portal.projects.models import Project
from portal.support.models import MOST_CHARACTERS, Ticket

RATINGS = [
    (5, _("Excellent")),
    (4, _("Bien")),
    (3, _("Moyen")),
    (2, _("Décevant")),
    (1, _("Mauvais")),
]
MOST_IN_COMMENT = 2000


class MessageField(forms.CharField):
    """A long text, kept whole when it is refused for its length."""

    def __init__(self, *, most: int, rows: int, draft: str, **options: Any):
        attrs = {"rows": rows, **({"data-draft": draft} if draft else {})}
        super().__init__(widget=forms.Textarea(attrs=attrs), **options)
        self.validators.append(MaxLengthValidator(most, message=_too_long(most)))


def _too_long(most: int) -> Any:
    return ngettext_lazy(
        "Ce texte fait %(show_value)s caractères : la limite est de %(limit_value)d. "
        "Raccourcissez-le, ou joignez-le en fichier.",
        "Ce texte fait %(show_value)s caractères : la limite est de %(limit_value)d. "
        "Raccourcissez-le, ou joignez-le en fichier.",
        most,
    )


class TicketForm(forms.Form):
    """A new request, in the space the person is in."""

    subject = forms.CharField(label=_("Sujet"), max_length=200)
    body = MessageField(
        label=_("Message"),
        most=MOST_CHARACTERS,
        rows=7,
        draft="ticket",
        help_text=_("Ce que vous faisiez, ce que vous attendiez, ce que vous avez vu."),
    )
    project = forms.ModelChoiceField(
        label=_("Projet"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=_("Aucun en particulier"),
    )
    kind = forms.ChoiceField(
        label=_("Type"), choices=Ticket.Kind.choices, initial=Ticket.Kind.QUESTION
    )
    priority = forms.TypedChoiceField(
        label=_("Priorité"),
        choices=Ticket.Priority.choices,
        coerce=int,
        initial=Ticket.Priority.NORMAL,
    )
    files = AttachmentsField(label=_("Fichiers"))  # type: ignore[assignment]
    follows = forms.ModelChoiceField(
        queryset=Ticket.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].widget.attrs |= {
            "hx-get": reverse("support:suggestions"),
            "hx-trigger": "input changed delay:400ms",
            "hx-target": "#suggestions",
            "hx-swap": "innerHTML",
            "hx-sync": "this:replace",
            "data-aside": True,
        }
        self.clients = sorted(grants_of(user).clients_with(Grant.OPEN_TICKETS))
        projects = Project.objects.visible_to(user).filter(client__in=self.clients)
        tickets = Ticket.objects.visible_to(user)
        self.fields["project"].queryset = projects.order_by("title")  # type: ignore[attr-defined]
        self.fields["follows"].queryset = tickets  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Take the client from the project, else from the space."""
        data = super().clean() or {}
        project = data.get("project")
        client_id = project.client_id if project is not None else self.clients[0]
        follows = data.get("follows")
        if follows is not None and follows.client_id != client_id:
            self.add_error("project", _("Ce projet n’est pas celui de ce client."))
        return data | {"client_id": client_id}


class AnswerForm(forms.Form):
    """A message on a ticket, or why it is opened again."""

    body = MessageField(label=_("Votre réponse"), most=MOST_CHARACTERS, rows=4, draft="reponse")
    files = AttachmentsField(label=_("Fichiers"))  # type: ignore[assignment]


class RatingForm(forms.Form):
    """How the client found our help."""

    rating = forms.TypedChoiceField(
        label=_("Votre note"), choices=RATINGS, coerce=int, widget=forms.RadioSelect
    )
    comment = MessageField(
        label=_("Un mot de plus"), most=MOST_IN_COMMENT, rows=3, draft="", required=False
    )
