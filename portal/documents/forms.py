"""What a client hands in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.documents import queries
from portal.projects.models import Project


class DepositForm(forms.Form):
    """A document for one of the projects that take deposits."""

    project = forms.ModelChoiceField(
        label=_("Projet"), queryset=Project.objects.none(), empty_label=None
    )
    title = forms.CharField(label=_("Titre"), max_length=200)
    file = forms.FileField(
        label=_("Fichier"),
        help_text=_("PDF, image, Word, Excel, PowerPoint, texte ou ZIP ; 25 Mo au plus."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects: Any = self.fields["project"]
        projects.queryset = queries.open_to_deposits(user)
