"""The forms of contracts and of what is asked of them."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.invoicing.admin.forms import PaperForm
from billing.invoicing.admin.line_fields import PriceInput
from billing.sources.models import RecurringInvoice, RecurringLine
from billing.sources.wording import UnknownVariable, check_wording
from core.backoffice.dates import DateInput

RHYTHM = ("every", "unit", "anchor_date", "starts_on", "timing", "currency")
PRICE = (
    "quantity",
    "unit_price",
    "discount_percent",
    "discount_amount",
)


class RecurringForm(PaperForm):
    """A contract whose words and sums hold, and whose past stays what it was."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._refuse_wording(self, "subject")
        lines = self.formsets["lines"]
        if lines.is_valid():
            self._refuse_lines(lines)
        if self.instance.pk and self.instance.runs.exists():
            self._keep_past(lines)
        return cleaned

    def _refuse_lines(self, lines: Any) -> None:
        kept = [form for form in lines.forms if form not in lines.deleted_forms]
        written = [form for form in kept if form.cleaned_data.get("label")]
        for form in written:
            self._refuse_wording(form, "label")
            self._refuse_wording(form, "detail")
        if not written:
            self.add_error(None, _("Ajoutez au moins une ligne."))

    def _refuse_wording(self, form: Any, name: str) -> None:
        try:
            check_wording(form.cleaned_data.get(name) or "")
        except UnknownVariable as trouble:
            form.add_error(name, str(trouble))
            if form is not self:
                self.add_error(None, str(trouble))

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
    start = forms.DateField(
        label=gettext_lazy("Pour les périodes qui commencent à partir du"), widget=DateInput
    )

    def __init__(self, *args: Any, schedule: RecurringInvoice, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = schedule.lines.all()  # type: ignore[attr-defined]
        self.fields["unit_price"] = PriceInput(
            currency=schedule.currency,
            label=_("Nouveau prix unitaire"),
            max_digits=18,
            decimal_places=4,
            validators=[MinValueValidator(0), MaxValueValidator(10**12)],
        )


class RedoForm(forms.Form):
    """Which period is billed again."""

    run = forms.ModelChoiceField(label=gettext_lazy("Période"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, runs: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["run"].queryset = runs  # type: ignore[attr-defined]
        self.fields["run"].label_from_instance = lambda run: (  # type: ignore[attr-defined]
            f"{run.period_start:%d/%m/%Y} – {run.period_end:%d/%m/%Y}"
        )
