"""What a reader says of an article."""

from django import forms
from django.utils.translation import gettext_lazy as _


class VoteForm(forms.Form):
    """Whether an article helped, and a word about it."""

    helpful = forms.TypedChoiceField(
        choices=[("oui", _("Oui")), ("non", _("Non"))], coerce=lambda value: value == "oui"
    )
    comment = forms.CharField(
        label=_("Un mot de plus"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
