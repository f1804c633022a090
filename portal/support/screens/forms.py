"""The forms of the team's acts on a ticket."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.backoffice.choosers import RecordChooser
from core.backoffice.dates import DateInput
from core.files.forms import AttachmentsField
from portal.projects.models import Project
from portal.support.models import MOST_CHARACTERS, Ticket, TicketMessage
from portal.support.screens.words import STATES

AFTER_A_REPLY = [choice for choice in STATES if choice[0] not in ("open", "closed")]


def team() -> Any:
    """Return the people of the team, by name."""
    people = User.objects.filter(is_staff=True, is_active=True)
    return people.order_by("first_name", "last_name")


class ReplyForm(forms.Form):
    """The team's answer, or a note that the client never sees."""

    body = forms.CharField(
        label=_("Message"), max_length=MOST_CHARACTERS, widget=forms.Textarea(attrs={"rows": 5})
    )
    files = AttachmentsField(label=_("Fichiers"))  # type: ignore[assignment]
    is_internal = forms.BooleanField(
        label=_("Note interne"),
        required=False,
        help_text=_("Le client ne la verra pas. @prénom prévient quelqu’un de l’équipe."),
    )
    status = forms.ChoiceField(
        label=_("État ensuite"), choices=AFTER_A_REPLY, initial=Ticket.Status.WAITING
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AssignForm(forms.Form):
    """Who follows a ticket."""

    to = forms.ModelChoiceField(
        label=_("Suivi par"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Personne"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = team()  # type: ignore[attr-defined]


class PriorityForm(forms.Form):
    """How pressing a ticket is."""

    priority = forms.TypedChoiceField(
        label=_("Priorité"), choices=Ticket.Priority.choices, coerce=int
    )


class CloseForm(forms.Form):
    """How a ticket ended, and a last word."""

    resolution = forms.ChoiceField(label=_("Issue"), choices=Ticket.Resolution.choices)
    body = forms.CharField(
        label=_("Dernier message au client"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_final = forms.BooleanField(
        label=_("Fermer définitivement"),
        required=False,
        help_text=_("Sinon, le client peut rouvrir la demande pendant trente jours."),
    )


class BulkCloseForm(forms.Form):
    """How several tickets ended."""

    resolution = forms.ChoiceField(label=_("Issue"), choices=Ticket.Resolution.choices)


class EscalateForm(forms.Form):
    """Why a ticket goes up a level."""

    reason = forms.CharField(label=_("Pourquoi"), max_length=200)


class MergeForm(forms.Form):
    """The other ticket, by its number."""

    into = forms.CharField(
        label=_("Numéro de l’autre demande"),
        max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "T-118"}),
    )

    def clean_into(self) -> Ticket:
        typed = self.cleaned_data["into"].strip().upper()
        number = typed if typed.startswith("T-") else f"T-{typed}"
        ticket = Ticket.objects.filter(number=number).first()
        if ticket is None:
            raise forms.ValidationError(_("Aucune demande ne porte ce numéro."))
        return ticket


class SplitForm(forms.Form):
    """The message that is another request, and the subject of that one."""

    message = forms.ModelChoiceField(
        label=_("Message à séparer"), queryset=TicketMessage.objects.none(), empty_label=None
    )
    subject = forms.CharField(label=_("Sujet de la nouvelle demande"), max_length=200)


class WatchForm(forms.Form):
    """Who is told of what happens, besides the assignee."""

    people = forms.ModelMultipleChoiceField(
        label=_("Abonnés"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = team()  # type: ignore[attr-defined]


class TimeForm(forms.Form):
    """Time spent on a ticket."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440)
    on = forms.DateField(label=_("Jour"), widget=DateInput, initial=timezone.localdate)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class CorrectiveForm(forms.Form):
    """What is to be done so that it goes better: a task of a project of the client."""

    title = forms.CharField(label=_("À faire"), max_length=300)
    project = forms.ModelChoiceField(
        label=_("Projet"), queryset=Project.objects.all(), widget=RecordChooser(Project)
    )
    assignee = forms.ModelChoiceField(
        label=_("Confiée à"), queryset=User.objects.none(), required=False
    )
    due_date = forms.DateField(label=_("Pour le"), widget=DateInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = team()  # type: ignore[attr-defined]
