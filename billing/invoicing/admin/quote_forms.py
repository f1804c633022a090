"""The form of a draft quote: its sums, and a plan that makes the whole."""

from typing import Any

from django.utils.translation import gettext as _

from billing.invoicing.admin.forms import PaperForm
from billing.invoicing.plans import InvalidPlan, Part, check_plan


def plan_trouble(formset: Any) -> str:
    """Return what is wrong with the plan typed in a formset, or nothing."""
    if not formset.is_valid():
        return ""
    kept = [form for form in formset.ordered_forms if form.cleaned_data.get("kind")]
    rows = [form.cleaned_data for form in kept if form not in formset.deleted_forms]
    try:
        check_plan([Part(row["kind"], row.get("percent")) for row in rows])
    except InvalidPlan as refusal:
        return _(refusal.message)
    return ""


class QuoteForm(PaperForm):
    """A draft quote: a plan whose shares are not the whole is refused."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if trouble := plan_trouble(self.formsets["instalments"]):
            self.add_error(None, trouble)
        return cleaned
