"""What forms about money have in common."""

import secrets
from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from billing.payments.models import MoneyAccount, Payment
from billing.payments.services import Slip
from core.backoffice.dates import DateInput
from core.files.forms import AttachmentsField
from core.money import UnreadableAmount, format_figure, parse_amount


class TypedAmount(forms.CharField):
    """An amount typed by a person: « 150 000 ». The form says in which currency."""

    currency = "XOF"
    least = 1

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text and not self.required:
            return None
        try:
            amount = parse_amount(text, self.currency)
        except UnreadableAmount as error:
            raise forms.ValidationError(*error.args) from error
        if amount < self.least:
            raise forms.ValidationError(_("Le montant doit être positif."))
        return amount


def _new_key() -> str:
    return secrets.token_hex(16)


class OnceForm(forms.Form):
    """A form that has one effect however often it is sent. Its amounts are of one currency."""

    key = forms.CharField(widget=forms.HiddenInput, initial=_new_key, max_length=64)

    def __init__(self, *args: Any, currency: str = "XOF", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.use_currency(currency)

    def use_currency(self, currency: str) -> None:
        """Read every amount of the form in a currency."""
        for field in self.fields.values():
            if isinstance(field, TypedAmount):
                field.currency = currency


class AccountChoice(forms.ModelChoiceField):
    """One of our accounts in service, or none."""

    def __init__(self, **options: Any):
        options.setdefault("label", _("Reçu sur"))
        options.setdefault("required", False)
        options.setdefault("empty_label", _("— compte non précisé —"))
        super().__init__(MoneyAccount.objects.filter(is_active=True), **options)


class SlipForm(OnceForm):
    """What comes with money received by hand."""

    reference = forms.CharField(
        label=_("Référence"),
        required=False,
        max_length=100,
        help_text=_("N° de chèque, de virement ou d’opération. Elle ne peut servir qu’une fois."),
    )
    received_on = forms.DateField(label=_("Reçu le"), widget=DateInput, initial=timezone.localdate)
    account = AccountChoice()
    payer_name = forms.CharField(
        label=_("Payé par"),
        required=False,
        max_length=120,
        help_text=_("Si ce n’est pas le client lui-même."),
    )
    payer_phone = forms.CharField(label=_("Numéro du payeur"), required=False, max_length=30)
    proof = AttachmentsField(
        label=_("Justificatif"), most=1, help_text=_("Photo ou PDF : reçu, bordereau, chèque.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)


def take_slip(values: dict[str, Any]) -> Slip:
    """Take what goes with the money out of the values of a `SlipForm`."""
    proof = values.pop("proof")
    names = ("reference", "payer_name", "payer_phone", "note", "account")
    return Slip(proof=proof[0] if proof else None, **{name: values.pop(name) for name in names})


def link_to_payment(payment: Payment) -> SafeString:
    """Say that a reference has counted, with a link to the payment it counted for."""
    url = reverse("wagtailsnippets_payments_payment:inspect", args=[payment.pk])
    return format_html(
        '{} <a href="{}">{}</a>', _text("Cette référence a déjà servi :"), url, payment
    )


def figures(amounts: Iterable[tuple[str, int]], currency: str) -> dict[str, str]:
    """Write amounts of minor units as a person types them, for the first values of a form."""
    return {name: format_figure(amount, currency) for name, amount in amounts}
