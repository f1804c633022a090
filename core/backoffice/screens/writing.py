"""Writing to a client: a letter to its people, from a template of ours or from nothing."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Client
from core.audit.log import declare
from core.backoffice.actions import RecordAction, add_action
from core.notify.letters import NobodyToWrite, people_to_write, write_to_client
from core.notify.models import MessageTemplate
from core.notify.own_messages import CLIENT, own_wording
from core.notify.wordings import problems_of

declare(client_written_to=_("Courrier envoyé à un client"))


class LetterForm(forms.Form):
    """Who, and what. Placeholders are checked as in a template."""

    to = forms.MultipleChoiceField(label=_("À"), widget=forms.CheckboxSelectMultiple)
    subject = forms.CharField(label=_("Objet"), max_length=200)
    body = forms.CharField(
        label=_("Message"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("{{ nom }}, {{ client }} et {{ societe }} se remplissent pour chacun."),
    )
    key = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wording = own_wording(CLIENT)
        for name in ("subject", "body"):
            for problem in problems_of(cleaned.get(name, ""), wording) if wording else ():
                self.add_error(name, problem)
        return cleaned


class WriteToClient(RecordAction):
    """Write to people of a client; each gets a mail of their own."""

    name = "ecrire"
    label = _("Écrire à ce client")
    icon_name = "mail"
    permission = "change"
    form_class = LetterForm
    success = _("Message envoyé.")
    template_name = "core/backoffice/letter.html"
    refusals = {NobodyToWrite: _("Ces personnes n’ont plus d’adresse.")}

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        people = people_to_write(self.object.pk)
        choices = [(one.email, f"{one.name} · {one.email}") for one in people]
        form.fields["to"].choices = choices  # type: ignore[attr-defined]
        return form

    def get_initial(self) -> dict[str, Any]:
        chosen = self._templates().filter(pk=_number(self.request)).first()
        words = {"subject": chosen.subject, "body": chosen.body} if chosen else {}
        return {"key": f"{timezone.now():%Y%m%d%H%M%S%f}", **words}

    def _templates(self) -> Any:
        rows = MessageTemplate.objects.filter(kind="mail", about=CLIENT, is_active=True)
        return rows.order_by("name", "language")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            templates=self._templates(), chosen=_number(self.request), **kwargs
        )

    def perform(self, record: Client, actor: Any, **words: Any) -> None:
        write_to_client(client=record, actor=actor, **words)


def _number(request: HttpRequest) -> int:
    asked = request.GET.get("modele", "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else 0


add_action(Client, WriteToClient)
