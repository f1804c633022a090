"""The forms of contracts and of what is asked of them."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from billing.invoicing.figures import InvalidFigure
from billing.invoicing.models.fields import FigureInput
from billing.invoicing.sums import Terms, compute
from billing.sources.models import RecurringInvoice, RecurringLine
from billing.sources.wording import UnknownVariable, check_wording
from core.money import CURRENCIES

RHYTHM = ("every", "unit", "anchor_date", "starts_on", "timing", "currency")
PRICE = (
    "quantity",
    "unit_price",
    "discount_percent",
    "discount_amount",
)


def currencies() -> list[tuple[str, str]]:
    """Return the currencies without decimals, which prices are typed in."""
    return [(each.code, each.name) for each in CURRENCIES.values() if each.exponent == 0]


class RecurringForm(WagtailAdminModelForm):
    """A contract whose words and sums hold, and whose past stays what it was."""

    currency = forms.ChoiceField(label=gettext_lazy("Devise"), choices=currencies)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        client, project = cleaned.get("client"), cleaned.get("project")
        if client and project and project.client_id != client.pk:
            self.add_error("project", _("Ce projet est celui d’un autre client."))
        self._refuse_wording(self, "subject")
        lines = self.formsets["lines"]
        if lines.is_valid():
            self._refuse_lines(lines, cleaned)
        if self.instance.pk and self.instance.runs.exists():
            self._keep_past(lines)
        return cleaned

    def _refuse_lines(self, lines: Any, cleaned: dict[str, Any]) -> None:
        kept = [form for form in lines.forms if form not in lines.deleted_forms]
        written = [form for form in kept if form.cleaned_data.get("label")]
        for form in written:
            self._refuse_wording(form, "label")
            self._refuse_wording(form, "detail")
        if not written:
            self.add_error(None, _("Ajoutez au moins une ligne."))
        self._refuse_sums([_figures(form.cleaned_data) for form in written], cleaned)

    def _refuse_wording(self, form: Any, name: str) -> None:
        try:
            check_wording(form.cleaned_data.get(name) or "")
        except UnknownVariable as trouble:
            form.add_error(name, str(trouble))
            if form is not self:
                self.add_error(None, str(trouble))

    def _refuse_sums(self, figures: list[Any], cleaned: dict[str, Any]) -> None:
        terms = Terms(
            cleaned.get("discount_percent") or Decimal(0), cleaned.get("discount_amount") or 0
        )
        try:
            compute(figures, terms)
        except InvalidFigure as refusal:
            self.add_error(None, _(refusal.message))

    def _keep_past(self, lines: Any) -> None:
        """Refuse to rewrite what periods already billed were made of."""
        text = _("Des périodes sont facturées : terminez cet abonnement et dupliquez-le.")
        for name in set(RHYTHM) & set(self.changed_data):
            self.add_error(name, text)
        for form in lines.forms:
            known = form.instance.pk is not None
            if known and (form in lines.deleted_forms or set(PRICE) & set(form.changed_data)):
                text = _(
                    "« %(line)s » a déjà été facturé : donnez-lui une date de fin et ajoutez une "
                    "ligne, ou utilisez « Changer un prix »."
                )
                self.add_error(None, text % {"line": form.instance.label})


def _figures(row: dict[str, Any]) -> SimpleNamespace:
    zero = Decimal(0)
    return SimpleNamespace(
        quantity=row.get("quantity") or zero,
        unit_price=row.get("unit_price") or zero,
        vat_rate=row.get("vat_rate") or zero,
        vat_code=row.get("vat_code") or "",
        discount_percent=row.get("discount_percent") or zero,
        discount_amount=row.get("discount_amount") or 0,
    )


class PeriodForm(forms.Form):
    """Holds which period the person saw, so that two clicks bill one."""

    start = forms.DateField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why a contract stops, or a period is not billed."""

    reason = forms.CharField(
        label=gettext_lazy("Motif"), max_length=280, widget=forms.Textarea(attrs={"rows": 2})
    )


class ResumeForm(forms.Form):
    """What becomes of the periods that passed meanwhile."""

    missed = forms.ChoiceField(
        label=gettext_lazy("Périodes passées pendant la suspension"),
        choices=[
            ("skip", gettext_lazy("Ne pas les facturer")),
            ("bill", gettext_lazy("Les facturer, à la date du jour")),
        ],
        widget=forms.RadioSelect,
        initial="skip",
    )


class PriceForm(forms.Form):
    """Which line costs what, and from when."""

    line = forms.ModelChoiceField(
        label=gettext_lazy("Ligne"), queryset=RecurringLine.objects.none(), empty_label=None
    )
    unit_price = FigureInput(
        label=gettext_lazy("Nouveau prix unitaire HT"),
        min_value=0,
        max_value=10**12,
        max_digits=18,
        decimal_places=4,
    )
    start = forms.DateField(
        label=gettext_lazy("Pour les périodes qui commencent à partir du"), widget=AdminDateInput
    )

    def __init__(self, *args: Any, schedule: RecurringInvoice, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = schedule.lines.all()  # type: ignore[attr-defined]


class RedoForm(forms.Form):
    """Which period is billed again."""

    run = forms.ModelChoiceField(label=gettext_lazy("Période"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, runs: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["run"].queryset = runs  # type: ignore[attr-defined]
        self.fields["run"].label_from_instance = lambda run: (  # type: ignore[attr-defined]
            f"{run.period_start:%d/%m/%Y} – {run.period_end:%d/%m/%Y}"
        )
