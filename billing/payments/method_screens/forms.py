"""What an owner types: keys that are never shown again, and the limits of a channel."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.methods.keys import dialects_of, key_fields, unseal
from billing.methods.models import ProviderAccount
from billing.methods.models.accounts import Dialect, Provider
from billing.methods.services import ChannelWishes
from billing.payments.channels import ChannelRules
from billing.payments.gateways import NAMES
from core.money import CURRENCIES, UnreadableAmount, format_short, parse_amount

CODES = re.compile(r"[\s,;]+")


class AccountForm(forms.Form):
    """The account of a company at one provider. A key left empty stays as it is."""

    is_active = forms.BooleanField(
        label=gettext_lazy("En service"),
        required=False,
        help_text=gettext_lazy("Hors service, les paiements déjà ouverts restent suivis."),
    )

    def __init__(self, *args: Any, provider: str, account: ProviderAccount | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.provider, self.account = provider, account
        self.known = unseal(account.keys) if account else {}
        self.fields["is_active"].initial = account.is_active if account else True
        dialects = dialects_of(provider)
        if len(dialects) > 1:
            self.fields["dialect"] = forms.ChoiceField(
                label=_("Interface"),
                choices=[each for each in Dialect.choices if each[0] in dialects],
                initial=account.dialect if account else dialects[0],
                help_text=_("Les clés que CinetPay vous a données disent laquelle."),
            )
        if provider == Provider.ORANGE:
            self.fields["country"] = forms.RegexField(
                r"^[A-Za-z]{2,3}$",
                label=_("Pays du contrat"),
                initial=(account.country if account else "") or "ci",
                help_text=_("ci, sn… ou dev pour le terrain d’essai d’Orange."),
            )
        for dialect in dialects:
            for each in key_fields(provider, dialect):
                self.fields[each.name] = self._key_field(each)

    def _key_field(self, key: Any) -> forms.CharField:
        is_kept = key.name in self.known
        kept = _("Enregistrée. Laissez vide pour la garder.")
        attrs = {"autocomplete": "off", "spellcheck": "false"}
        if key.is_secret:
            widget: Any = forms.PasswordInput(attrs={**attrs, "autocomplete": "new-password"})
        else:
            widget = forms.TextInput(attrs=attrs)
        return forms.CharField(
            label=key.label,
            required=False,
            max_length=500,
            widget=widget,
            initial="" if key.is_secret else self.known.get(key.name, ""),
            help_text=kept if is_kept and key.is_secret else "",
        )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        dialect = typed.get("dialect", dialects_of(self.provider)[0])
        is_same = self.account is not None and self.account.dialect == dialect
        for key in key_fields(self.provider, dialect):
            is_kept = is_same and bool(self.known.get(key.name))
            if typed.get("is_active") and not typed.get(key.name) and not is_kept:
                self.add_error(key.name, _("Cette clé manque."))
        secret = typed.get("secret_key", "")
        if self.provider == Provider.STRIPE and secret.startswith("pk_"):
            self.add_error("secret_key", _("C’est la clé publique : il faut la clé secrète."))
        return typed

    @property
    def dialect(self) -> str:
        return self.cleaned_data.get("dialect", dialects_of(self.provider)[0])

    @property
    def keys(self) -> dict[str, str]:
        names = [key.name for key in key_fields(self.provider, self.dialect)]
        return {name: self.cleaned_data.get(name, "") for name in names}


class ChannelForm(forms.Form):
    """Who serves a channel, and its limits."""

    provider = forms.ChoiceField(
        label=gettext_lazy("Prestataire"),
        required=False,
        help_text=gettext_lazy("L’autre prend le relais s’il ne répond pas."),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Devise des montants"))
    min_amount = forms.CharField(label=gettext_lazy("Plus petit montant"), required=False)
    max_amount = forms.CharField(
        label=gettext_lazy("Plus grand montant d’un paiement"),
        required=False,
        help_text=gettext_lazy("Au-delà, le client paie en plusieurs fois."),
    )
    daily_max = forms.CharField(
        label=gettext_lazy("Plafond par jour et par client"), required=False
    )
    currencies = forms.CharField(
        label=gettext_lazy("Devises des factures"),
        required=False,
        help_text=gettext_lazy("Par exemple XOF, EUR. Vide : toutes celles du prestataire."),
    )
    countries = forms.CharField(
        label=gettext_lazy("Pays des clients"),
        required=False,
        help_text=gettext_lazy("Par exemple CI, SN. Vide : tous."),
    )

    def __init__(self, *args: Any, rules: ChannelRules, **kwargs: Any):
        initial = {
            "provider": rules.provider,
            "currency": rules.currency,
            "currencies": ", ".join(rules.currencies),
            "countries": ", ".join(rules.countries),
        }
        for name in ("min_amount", "max_amount", "daily_max"):
            amount = getattr(rules, name)
            initial[name] = "" if amount is None else format_short(amount, rules.currency)
        super().__init__(*args, initial=initial, **kwargs)
        choices = [(each, NAMES[each]) for each in rules.channel.routes]
        self.fields["provider"].choices = [("", _("Le premier de la liste")), *choices]  # type: ignore[attr-defined]
        self.fields["currency"].choices = [(code, code) for code in CURRENCIES]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        currency = typed.get("currency", "XOF")
        for name in ("min_amount", "max_amount", "daily_max"):
            typed[name] = self._read_amount(name, typed.get(name, ""), currency)
        least, most = typed["min_amount"], typed["max_amount"]
        if least is not None and most is not None and least > most:
            self.add_error("max_amount", _("Le plus grand montant est en dessous du plus petit."))
        for name, codes in (("currencies", set(CURRENCIES)), ("countries", None)):
            typed[name] = self._read_codes(name, typed.get(name, ""), codes)
        return typed

    def _read_amount(self, name: str, text: str, currency: str) -> int | None:
        if not text.strip():
            return None
        try:
            amount = parse_amount(text, currency)
        except UnreadableAmount as error:
            self.add_error(name, str(error.args[0]))
            return None
        if not 0 < amount < 10**12:
            self.add_error(name, _("Indiquez un montant plus grand que zéro."))
            return None
        return amount

    def _read_codes(self, name: str, text: str, known: set[str] | None) -> list[str]:
        codes = list(dict.fromkeys(code for code in CODES.split(text.upper()) if code))
        size = 3 if name == "currencies" else 2
        wrong = [
            code
            for code in codes
            if len(code) != size or not code.isalpha() or (known is not None and code not in known)
        ]
        if wrong:
            self.add_error(name, _("Code inconnu : %(codes)s.") % {"codes": ", ".join(wrong)})
        return codes

    @property
    def wishes(self) -> ChannelWishes:
        return ChannelWishes(**self.cleaned_data)
