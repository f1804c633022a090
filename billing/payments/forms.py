"""What a client fills in to pay."""

import re
import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.payments.models import MoneyAccount
from billing.payments.queries import accounts_for
from core.files.forms import AttachmentsField
from core.money import UnreadableAmount, parse_amount

KEY = re.compile(r"[0-9a-f]{32}")


class PayForm(forms.Form):
    """A way to pay, and a part of the sum when the client does not pay the whole.

    `key` makes a form sent twice one payment; one that is missing or odd is replaced.
    """

    channel = forms.ChoiceField(
        label=_("Moyen de paiement"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un moyen de paiement.")},
    )
    amount = forms.CharField(label=_("Montant à payer maintenant"), required=False, max_length=40)
    key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, channels, currency, **kwargs):
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.channels = channels
        self.fields["channel"].choices = [(channel.key, channel.name) for channel in channels]
        self.fields["channel"].initial = channels[0].key if channels else None
        self.fields["key"].initial = secrets.token_hex(16)
        self.fields["amount"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean_amount(self) -> int | None:
        text = self.cleaned_data["amount"].strip()
        if not text:
            return None
        try:
            return parse_amount(text, self.currency)
        except UnreadableAmount as error:
            raise forms.ValidationError(*error.args) from error

    def clean_key(self) -> str:
        key = self.cleaned_data["key"]
        return key if KEY.fullmatch(key) else ""


class DeclarationForm(forms.Form):
    """What a client says to have paid outside the portal. `currency` is the invoice’s."""

    account = forms.ModelChoiceField(
        MoneyAccount.objects.none(),
        label=_("Vous avez payé sur"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choisissez le compte sur lequel vous avez payé.")},
    )
    amount = forms.CharField(label=_("Montant payé"), max_length=40)
    paid_on = forms.DateField(
        label=_("Payé le"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reference = forms.CharField(
        label=_("Référence de l’opération"),
        required=False,
        max_length=100,
        help_text=_("Elle est dans le SMS de l’opérateur ou sur l’avis de virement."),
    )
    payer_name = forms.CharField(
        label=_("Payé par"),
        required=False,
        max_length=120,
        help_text=_("Si une autre personne a payé pour vous."),
    )
    payer_phone = forms.CharField(
        label=_("Numéro qui a payé"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    files = AttachmentsField(
        label=_("Capture d’écran ou avis"),
        most=1,
        help_text=_("Une image ou un PDF. Nécessaire si vous n’avez pas la référence."),
    )

    def __init__(self, *args, invoice, **kwargs):
        super().__init__(*args, **kwargs)
        self.currency = invoice.currency
        field = self.fields["account"]
        field.queryset = accounts_for(invoice)
        self.fields["amount"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean_amount(self) -> int:
        try:
            return parse_amount(self.cleaned_data["amount"], self.currency)
        except UnreadableAmount as error:
            raise forms.ValidationError(*error.args) from error


class PeriodForm(forms.Form):
    """The first and the last day of a statement."""

    debut = forms.DateField(label=_("Du"), error_messages={"invalid": _("Indiquez une date.")})
    fin = forms.DateField(label=_("Au"), error_messages={"invalid": _("Indiquez une date.")})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            field.input_formats = ["%Y-%m-%d", "%d/%m/%Y"]

    def clean(self) -> dict:
        typed = super().clean()
        start, end = typed.get("debut"), typed.get("fin")
        if start and end and start > end:
            raise forms.ValidationError(_("La période commence après sa fin."))
        return typed
