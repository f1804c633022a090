"""What somebody asks who comes by a link."""

from django import forms
from django.utils.translation import gettext_lazy as _


class QuestionForm(forms.Form):
    """A question to the team, and who asks it: the link says the client, not the person."""

    name = forms.CharField(label=_("Votre nom"), max_length=100)
    subject = forms.CharField(label=_("Sujet"), max_length=200)
    body = forms.CharField(
        label=_("Message"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )
