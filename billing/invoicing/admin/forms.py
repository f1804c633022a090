"""The forms of drafts, and of what is asked before an act."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm

from billing.invoicing.figures import InvalidFigure
from billing.invoicing.models.fields import FigureInput
from billing.invoicing.sums import compute
from core.money import CURRENCIES

FIGURES = ("quantity", "unit_price", "vat_rate", "discount_percent")


def whole_currencies() -> list[tuple[str, str]]:
    """Return the currencies without decimals, which prices are typed in."""
    return [
        (currency.code, f"{currency.name} ({currency.code})")
        for currency in CURRENCIES.values()
        if currency.exponent == 0
    ]


class PaperForm(WagtailAdminModelForm):
    """A draft whose sums hold, and whose project is its client’s."""

    currency = forms.ChoiceField(label=gettext_lazy("Devise"), choices=whole_currencies)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        client, project = cleaned.get("client"), cleaned.get("project")
        if client and project and project.client_id != client.pk:
            self.add_error("project", _("Ce projet est celui d’un autre client."))
        self._refuse_sums(cleaned.get("discount_percent") or Decimal(0))
        return cleaned

    def _refuse_sums(self, discount: Decimal) -> None:
        """Refuse figures each of which is sound, but whose sum is not."""
        lines = self.formsets["lines"]
        if not lines.is_valid():
            return
        rows = [form.cleaned_data for form in lines.forms if form not in lines.deleted_forms]
        figures = [
            SimpleNamespace(**{name: row.get(name, Decimal(0)) for name in FIGURES})
            for row in rows
            if row.get("label")
        ]
        try:
            compute(figures, discount)
        except InvalidFigure as refusal:
            rank = (
                "" if refusal.line is None else _("Ligne %(rank)s. ") % {"rank": refusal.line + 1}
            )
            self.add_error(None, f"{rank}{_(refusal.message)}")


class VersionForm(forms.Form):
    """Holds which draft the person saw, so that another one is not issued by mistake."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class CreditForm(forms.Form):
    """How much of an invoice is credited, at which rate, and why."""

    rate = forms.ChoiceField(label=gettext_lazy("Taux de TVA"))
    base = FigureInput(
        label=gettext_lazy("Montant HT à créditer"), min_value=1, max_digits=13, decimal_places=0
    )
    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=500,
        help_text=gettext_lazy("Le client le lit sur l’avoir."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CancelForm(forms.Form):
    """Why an invoice is cancelled: it is written on the credit note."""

    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=500,
        help_text=gettext_lazy("Le client le lit sur l’avoir."),
        error_messages={"required": gettext_lazy("Indiquez le motif de l’annulation.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
