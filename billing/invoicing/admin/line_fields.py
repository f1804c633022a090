"""Fields of the lines of a draft: amounts in the currency's own unit, VAT that is in force."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.invoicing.models.fields import FigureInput
from billing.invoicing.taxes import nature_of, rate_among, rates_in_force
from core.accounts.models import Company, VatCode, VatRate
from core.money import (
    CURRENCIES,
    UnreadableAmount,
    format_figure,
    format_percent,
    format_price,
    get_currency,
    parse_amount,
)


class PriceInput(FigureInput):
    """A unit price, typed in the currency (33,33 €) and kept in its minor unit (3333)."""

    def __init__(self, *, currency: str, **kwargs: Any):
        super().__init__(**kwargs)
        self.currency = currency

    def to_python(self, value: Any) -> Decimal | None:
        found = super().to_python(value)
        if found is None or not isinstance(value, str):
            return found
        return found.scaleb(get_currency(self.currency).exponent)

    def prepare_value(self, value: Any) -> Any:
        return format_price(value, self.currency) if isinstance(value, Decimal) else value


class AmountInput(forms.CharField):
    """An amount of money, typed with or without spaces and cents; an empty one is zero."""

    def __init__(self, *, currency: str, **kwargs: Any):
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(**{"required": False, "widget": forms.TextInput(attrs), **kwargs})
        self.currency = currency

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if isinstance(value, int) or not text:
            return value or 0
        try:
            amount = parse_amount(text, self.currency)
        except UnreadableAmount as refusal:
            raise ValidationError(_(str(refusal))) from refusal
        if amount < 0:
            raise ValidationError(_("Ce nombre ne peut pas être négatif."))
        return amount

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return format_figure(value, self.currency) if value else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or 0) != self.to_python(data)
        except ValidationError:
            return True


class VatPick(Decimal):
    """A rate picked among the company's: its percentage, with its nature and its legal text."""

    code = ""
    text = ""


class VatField(forms.ChoiceField):
    """The VAT of a line, among the rates of the company in force; a bare percentage is read too."""

    default_error_messages = {"invalid_choice": gettext_lazy("Choisissez un taux en vigueur.")}

    def __init__(self, rates: Sequence[VatRate], **kwargs: Any):
        self.rates = rates
        super().__init__(choices=[(_value(rate), _label(rate)) for rate in rates], **kwargs)

    def show(self, line: Any) -> None:
        """Keep offering the rate that a line has, though it is in force no more."""
        rate = rate_among(self.rates, line.vat_rate, line.vat_code)
        if rate is not None:
            self.shown = _value(rate)
            return
        self.shown = f"{line.vat_rate:.2f}/{line.vat_code}"
        label = _("%(rate)s, plus en vigueur") % {"rate": format_percent(line.vat_rate)}
        self.choices = [(self.shown, label), *self.choices]

    def prepare_value(self, value: Any) -> Any:
        return getattr(self, "shown", "") if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        text = re.sub(r"\s", "", str(value or "")).replace(",", ".")
        if not text:
            raise ValidationError(self.error_messages["required"], code="required")
        percent, _slash, code = text.partition("/")
        try:
            rate = rate_among(self.rates, Decimal(percent), code)
        except ArithmeticError:
            rate = None
        if rate is None and text != getattr(self, "shown", None):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        found = VatPick(percent)
        found.code, found.text = (nature_of(rate), rate.legal_text) if rate else (code, "")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != data


def vat_rates(company: Company | None, on: date) -> list[VatRate]:
    """Return the rates that a company's lines may bear on a day, the one proposed first on top."""
    if company is not None and not company.charges_vat:
        label = _("Sans TVA")
        return [VatRate(company=company, label=label, rate=Decimal(0), code=VatCode.EXEMPT_BY_LAW)]
    return list(rates_in_force(company, on)) if company else []


def fit_line(form: Any, *, currency: str, rates: Sequence[VatRate]) -> None:
    """Give the form of a line the fields that fit the currency and the rates of its paper."""
    prices = form.fields.get("unit_price")
    if prices is not None:
        form.fields["unit_price"] = PriceInput(
            currency=currency,
            label=prices.label,
            max_digits=18,
            decimal_places=4,
        )
    if "discount_amount" in form.fields:
        label = form.fields["discount_amount"].label
        form.fields["discount_amount"] = AmountInput(currency=currency, label=label)
    if rates and "vat_rate" in form.fields:
        field = VatField(rates, label=gettext_lazy("TVA"))
        if form.instance.pk:
            field.show(form.instance)
        else:
            field.shown = _value(rates[0])
        form.fields["vat_rate"] = field


def offered_currencies(*kept: str) -> list[tuple[str, str]]:
    """Return the currencies that papers are made out in, and those that are there already."""
    codes = dict.fromkeys([*kept, "XOF", "EUR", "USD"])
    return [(code, f"{CURRENCIES[code].name} ({code})") for code in codes if code in CURRENCIES]


def _value(rate: VatRate) -> str:
    return f"{rate.rate:.2f}/{rate.code}"


def _label(rate: VatRate) -> str:
    percent = format_percent(rate.rate)
    is_said = "".join(percent.split()) in "".join(rate.label.split())
    return rate.label if is_said or not rate.rate else f"{rate.label} ({percent})"
