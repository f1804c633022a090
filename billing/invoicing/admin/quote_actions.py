"""The buttons of a quote that waits: another version, a later day, a word to the client."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from billing.invoicing import services
from billing.invoicing.models import Quote
from billing.invoicing.recipients import billing_addresses
from core.backoffice.actions import RecordAction
from core.backoffice.dates import DateInput
from core.ui.formats import date_long

PROLONGED_BY = timedelta(days=30)


class ProlongForm(forms.Form):
    """Until when the quote holds."""

    until = forms.DateField(label=_("Nouvelle fin de validité"), widget=DateInput)


class ReviseQuote(RecordAction):
    name = "revise"
    label = _("Nouvelle version")
    icon_name = "copy"
    permission = "add"
    question = _(
        "Un brouillon reprend les lignes, les options et l’échéancier. Ce devis reste valable "
        "jusqu’à l’envoi de la nouvelle version, qui le remplace."
    )
    refusals = (services.CannotFollow,)

    def perform(self, record: Quote, actor: Any, **values: Any) -> Quote:
        draft = services.revise_quote(quote=record, actor=actor)
        text = _text("Version %(rank)s en brouillon.") % {"rank": draft.revision}
        messages.success(self.request, text)
        return draft

    def get_record_url(self, done: Any = None) -> str:
        return (
            super().get_record_url()
            if done is None
            else reverse(self.edit_url_name, args=[done.pk])
        )

    @classmethod
    def is_offered(cls, record: Quote) -> bool:
        return record.status in (Quote.Status.SENT, Quote.Status.REFUSED)


class ProlongQuote(RecordAction):
    name = "prolong"
    label = _("Prolonger")
    icon_name = "calendar"
    permission = "send"
    question = _("Le client est prévenu. Le PDF envoyé garde sa date ; la page dit la nouvelle.")
    form_class = ProlongForm
    is_listed = False

    def get_initial(self) -> dict[str, Any]:
        start = max(self.object.valid_until or timezone.localdate(), timezone.localdate())
        return {"until": start + PROLONGED_BY}

    def perform(self, record: Quote, actor: Any, **values: Any) -> None:
        try:
            quote = services.prolong_quote(
                quote=record, until=values["until"], on=timezone.localdate(), actor=actor
            )
        except services.CannotFollow as refusal:
            raise ValidationError(refusal.message) from refusal
        text = _text("Devis valable jusqu’au %(day)s.")
        messages.success(self.request, text % {"day": date_long(quote.valid_until)})

    @classmethod
    def is_offered(cls, record: Quote) -> bool:
        return record.status == Quote.Status.SENT


class RemindQuote(RecordAction):
    name = "remind"
    label = _("Relancer")
    icon_name = "mail"
    permission = "send"
    success = _("La relance part avec le PDF.")
    refusals = (services.CannotFollow,)

    @property
    def question(self) -> str:  # type: ignore[override]
        addresses = ", ".join(billing_addresses(self.object.client))
        if not addresses:
            return _text("Ce client n’a pas d’adresse e-mail de facturation.")
        return _text("Un courriel rappelle ce devis à : %(addresses)s.") % {"addresses": addresses}

    def perform(self, record: Quote, actor: Any, **values: Any) -> None:
        services.remind_quote(quote=record, at=timezone.now(), actor=actor)

    @classmethod
    def is_offered(cls, record: Quote) -> bool:
        return record.status == Quote.Status.SENT and not record.is_expired(timezone.localdate())
