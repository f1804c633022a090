"""The forms of drafts: their figures are typed as people write them, their sums hold."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm

from billing.invoicing.admin.line_fields import (
    AmountInput,
    VatPick,
    fit_line,
    offered_currencies,
    vat_rates,
)
from billing.invoicing.figures import InvalidFigure
from billing.invoicing.models import Invoice
from billing.invoicing.portions import ExceedsInvoice, remaining_groups
from billing.invoicing.sums import Terms, compute, deducted_groups
from billing.invoicing.taxes import rules_in_force
from core.accounts.models import Company, TaxRule

EURO_PARITY = Decimal("655.957")  # CFA francs, fixed by treaty
FIGURES = ("quantity", "unit_price", "vat_rate", "discount_percent")
RULES = (("withheld_rule", TaxRule.Kind.WITHHELD), ("added_rule", TaxRule.Kind.ADDED))


class PaperForm(WagtailAdminModelForm):
    """A draft whose sums hold, and whose project is its client’s.

    Amounts are typed in the currency chosen (33,33 €), VAT and other taxes picked among those of
    the company that are in force today.
    """

    currency = forms.ChoiceField(label=gettext_lazy("Devise"), choices=offered_currencies)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        company, today = self._company(), timezone.localdate()
        kept = [code for code in (self.instance.currency, company and company.currency) if code]
        self.fields["currency"].choices = offered_currencies(*kept)
        code = self._typed("currency") or self.instance.currency
        if code not in dict(self.fields["currency"].choices):
            code = self.instance.currency
        if "discount_amount" in self.fields:
            label = self.fields["discount_amount"].label
            self.fields["discount_amount"] = AmountInput(currency=code, label=label)
        for name, kind in RULES:
            if name in self.fields:
                rules = rules_in_force(company, kind, today)
                chosen = TaxRule.objects.filter(pk=getattr(self.instance, f"{name}_id"))
                self.fields[name].queryset = rules.order_by() | chosen
        self._fit_lines(code, vat_rates(company, today))

    def _fit_lines(self, currency: str, rates: list[Any]) -> None:
        lines = self.formsets["lines"]
        add_fields = lines.add_fields

        def add_fitting_fields(form: Any, index: int | None) -> None:
            add_fields(form, index)
            fit_line(form, currency=currency, rates=rates)

        lines.add_fields = add_fitting_fields

    def _company(self) -> Company | None:
        """Return the company chosen in the form, or that of the draft."""
        typed = self._typed("company")
        if typed.isdecimal():
            return Company.objects.filter(pk=int(typed)).first()
        return self.instance.company if self.instance.company_id else None

    def _typed(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), "")) if self.is_bound else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        client, project = cleaned.get("client"), cleaned.get("project")
        if client and project and project.client_id != client.pk:
            self.add_error("project", _("Ce projet est celui d’un autre client."))
        self._settle_rate(cleaned)
        self._refuse_sums(cleaned)
        return cleaned

    def _settle_rate(self, cleaned: dict[str, Any]) -> None:
        """Propose the parity of the euro; drop the rate of our own currency."""
        company, code = cleaned.get("company"), cleaned.get("currency")
        if "exchange_rate" not in self.fields or company is None:
            return
        if code == company.currency:
            cleaned["exchange_rate"] = None
        elif code == "EUR" and company.currency in ("XOF", "XAF"):
            cleaned["exchange_rate"] = cleaned.get("exchange_rate") or EURO_PARITY

    def _refuse_sums(self, cleaned: dict[str, Any]) -> None:
        """Refuse figures each of which is sound, but whose sum is not."""
        lines = self.formsets["lines"]
        if not lines.is_valid():
            return
        kept = [form for form in lines.forms if form not in lines.deleted_forms]
        for form in kept:
            self._copy_vat(form)
        rows = [_figures(form) for form in kept if form.cleaned_data.get("label")]
        terms = Terms(
            cleaned.get("discount_percent") or Decimal(0),
            cleaned.get("discount_amount") or 0,
            bool(cleaned.get("price_includes_vat")),
        )
        try:
            totals = compute(rows, terms)
            remaining_groups(totals.groups, deducted_groups(self.instance) if rows else [])
        except InvalidFigure as refusal:
            rank = (
                "" if refusal.line is None else _("Ligne %(rank)s. ") % {"rank": refusal.line + 1}
            )
            self.add_error(None, f"{rank}{_(refusal.message)}")
        except ExceedsInvoice:
            self.add_error(None, _("Les acomptes déduits dépassent le total de ces lignes."))

    @staticmethod
    def _copy_vat(form: Any) -> None:
        """Put the nature and the legal text of the rate picked on its line."""
        picked = form.cleaned_data.get("vat_rate")
        if isinstance(picked, VatPick):
            form.instance.vat_code, form.instance.vat_text = picked.code, picked.text


def _figures(form: Any) -> Any:
    """Return the figures of a line as the sums read them."""
    row = form.cleaned_data
    named = {name: row.get(name, Decimal(0)) for name in FIGURES}
    is_counted = not row.get("is_option") or form.instance.is_chosen
    return SimpleNamespace(
        **named,
        discount_amount=row.get("discount_amount") or 0,
        vat_code=form.instance.vat_code,
        is_counted=is_counted,
    )


class InvoiceForm(PaperForm):
    """A draft invoice; only its deposits make a final one of it."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            is_final = self.instance.kind == Invoice.Kind.FINAL
            kinds = [Invoice.Kind.FINAL] if is_final else [*Invoice.Kind][:2]
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]


class VersionForm(forms.Form):
    """Holds which draft the person saw, and for how much, so that no other one is issued."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CancelForm(forms.Form):
    """Why an invoice is cancelled: it is written on the credit note."""

    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=500,
        help_text=gettext_lazy("Le client le lit sur l’avoir."),
        error_messages={"required": gettext_lazy("Indiquez le motif de l’annulation.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
