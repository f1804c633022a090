"""What is asked before a quote is made from a model, transformed, or billed in part."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from billing.invoicing.admin.quote_forms import plan_trouble
from billing.invoicing.models import QuoteInstalment
from billing.invoicing.models.fields import FigureInput
from core.accounts.models import Client
from core.backoffice.choosers import RecordChooser
from portal.projects.models import Milestone, Project
from portal.steering.models import ProjectTemplate

LARGEST_BASE = 13  # digits


class QuoteTemplateForm(WagtailAdminModelForm):
    """A model whose plan makes the whole."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if trouble := plan_trouble(self.formsets["instalments"]):
            self.add_error(None, trouble)
        return cleaned


class ForClientForm(forms.Form):
    """Whom a quote is for."""

    client = forms.ModelChoiceField(
        label=_("Client"),
        queryset=Client.objects.none(),
        widget=RecordChooser(Client, icon="group"),
    )
    project = forms.ModelChoiceField(
        label=_("Projet"),
        queryset=Project.objects.none(),
        required=False,
        widget=RecordChooser(Project, icon="folder-open-inverse"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.all()  # type: ignore[attr-defined]
        self.fields["project"].queryset = Project.objects.all()  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """How a model is called."""

    name = forms.CharField(label=_("Nom du modèle"), max_length=120)


class TransformForm(forms.Form):
    """Which project a quote becomes, and whether its deposit leaves at once."""

    project = forms.ModelChoiceField(
        label=_("Projet existant"),
        queryset=Project.objects.none(),
        required=False,
        help_text=_("Vide : un nouveau projet est créé."),
    )
    title = forms.CharField(label=_("Titre du nouveau projet"), max_length=300, required=False)
    template = forms.ModelChoiceField(
        label=_("Modèle de projet"),
        queryset=ProjectTemplate.objects.filter(is_active=True),
        required=False,
        help_text=_("Ses jalons, tâches et documents demandés s’ajoutent au projet."),
    )
    issues_deposit = forms.BooleanField(
        label=_("Émettre tout de suite la facture d’acompte"), required=False
    )


class PartForm(forms.Form):
    """Which part of the plan is billed."""

    instalment = forms.ModelChoiceField(
        label=_("Échéance"), queryset=QuoteInstalment.objects.none(), empty_label=None
    )


class MilestoneForm(forms.Form):
    """Which milestone is billed, and for how much."""

    milestone = forms.ModelChoiceField(
        label=_("Jalon"), queryset=Milestone.objects.none(), empty_label=None
    )
    amount = FigureInput(
        label=_("Montant HT"), min_value=1, max_digits=LARGEST_BASE, decimal_places=0
    )
    rate = FigureInput(
        label=_("TVA (%)"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        initial=Decimal(18),
    )

    def clean_amount(self) -> int:
        """Return whole units of the currency."""
        amount = self.cleaned_data["amount"]
        if amount != int(amount):
            raise forms.ValidationError(_text("Écrivez un montant sans décimale."))
        return int(amount)
