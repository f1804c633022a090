"""What a client types about an invoice they cannot, or will not, pay today."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.dunning.services.holds import LONGEST_PROMISE


class PromiseForm(forms.Form):
    """The day on which the invoice will be paid."""

    promised_for = forms.DateField(
        label=_("Je paierai le"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Dans les trente jours. Nous ne vous relançons pas d’ici là."),
        error_messages={
            "required": _("Choisissez le jour où vous paierez."),
            "invalid": _("Écrivez une date, comme 15/12/2026."),
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        days = {"min": today.isoformat(), "max": (today + LONGEST_PROMISE).isoformat()}
        self.fields["promised_for"].widget.attrs.update(days)


class ContestForm(forms.Form):
    """Why the client does not agree."""

    reason = forms.CharField(
        label=_("Ce qui ne va pas"),
        max_length=2000,
        help_text=_(
            "Notre équipe vous répond par une demande de support, et suspend les relances."
        ),
        error_messages={"required": _("Dites-nous ce qui ne va pas sur cette facture.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
