"""What a client hands in, and for how long a link opens."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.files.forms import AttachmentsField, AttachmentsInput
from portal.documents import queries
from portal.documents.folders import tidy_folder, validate_folder
from portal.documents.services import OnSameName
from portal.projects.models import Project

LIVES = {"1": _("1 heure"), "24": _("24 heures"), "168": _("7 jours")}
DEFAULT_LIFE = "24"
MOST_AT_ONCE = 20  # files of one deposit


class DepositForm(forms.Form):
    """Files for a folder of one of the projects that take deposits."""

    project = forms.ModelChoiceField(
        label=_("Projet"), queryset=Project.objects.none(), empty_label=None
    )
    folder = forms.CharField(
        label=_("Dossier"),
        max_length=100,
        required=False,
        validators=[validate_folder],
        help_text=_("Choisissez un dossier ou nommez-en un ; « A/B » range B dans A."),
        widget=forms.TextInput(attrs={"list": "dossiers", "autocomplete": "off"}),
    )
    files = AttachmentsField(required=True, most=MOST_AT_ONCE)
    title = forms.CharField(
        label=_("Titre"),
        max_length=200,
        required=False,
        help_text=_("Pour un seul fichier. Sinon, chaque document porte le nom de son fichier."),
    )
    same_name = forms.ChoiceField(
        label=_("Que faire ?"),
        choices=OnSameName.choices,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects: Any = self.fields["project"]
        projects.queryset = queries.open_to_deposits(user)

    def clean_folder(self) -> str:
        return tidy_folder(self.cleaned_data["folder"])

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class VersionForm(forms.Form):
    """The next version of a document."""

    files = AttachmentsField(
        required=True, most=1, label=_("Fichier"), widget=AttachmentsInput({"multiple": False})
    )


class AnswerForm(forms.Form):
    """What was asked: one file, or several such as both sides of a card."""

    files = AttachmentsField(required=True)


class TitleForm(forms.Form):
    """What a document is called."""

    title = forms.CharField(label=_("Titre"), max_length=200)


class LinkForm(forms.Form):
    """How long a link opens, and how often."""

    life = forms.ChoiceField(label=_("Valable"), choices=list(LIVES.items()), initial=DEFAULT_LIFE)
    is_single = forms.BooleanField(
        label=_("Une seule ouverture : le lien se ferme après le premier téléchargement"),
        required=False,
    )

    def clean_life(self) -> timedelta:
        return timedelta(hours=int(self.cleaned_data["life"]))
