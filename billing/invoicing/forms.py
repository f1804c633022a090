"""What a client types to answer a quote."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AcceptQuoteForm(forms.Form):
    """A name typed is a signature here."""

    name = forms.CharField(
        label=_("Votre nom et votre prénom"),
        max_length=200,
        help_text=_("Écrire votre nom vaut signature du devis."),
        error_messages={"required": _("Écrivez votre nom et votre prénom.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    total = forms.IntegerField(required=False, widget=forms.HiddenInput)  # as the page showed it
    agrees = forms.BooleanField(
        label=_("J’accepte ce devis : les prestations, les montants et les conditions du PDF."),
        error_messages={"required": _("Cochez « J’accepte » pour valider le devis.")},
    )


class RefuseQuoteForm(forms.Form):
    """Why not: in the client’s own words."""

    reason = forms.CharField(
        label=_("Votre raison"),
        max_length=2000,
        help_text=_("Elle nous aide à vous proposer une offre plus juste."),
        error_messages={"required": _("Dites-nous en un mot pourquoi.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
