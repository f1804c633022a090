"""Forms of sales: amounts in the units people say, days that are to come."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from core.accounts.models import User
from core.backoffice.dates import DateInput
from core.money import CURRENCIES, UnreadableAmount, format_figure, parse_amount
from portal.crm.models import LossReason, Opportunity, PipelineStage, ScoreCriterion
from portal.crm.models.opportunities import MOST_AMOUNT
from portal.crm.scoring import whole

CODES = [(code, f"{code} · {currency.name}") for code, currency in CURRENCIES.items()]
PAST = _("Cette date est passée : choisissez aujourd’hui ou un jour à venir.")
TIMED = (ScoreCriterion.Fact.CLOSE, ScoreCriterion.Fact.EXCHANGE)


def staff(*, also: int | None = None) -> QuerySet[User]:
    """Return who may follow a sale: the team as it is, and who follows it already."""
    active = Q(is_active=True, is_staff=True)
    return User.objects.filter(active | Q(pk=also)).order_by("first_name", "last_name")


def open_stages() -> QuerySet[PipelineStage]:
    """Return the steps at which a sale may begin."""
    rows = PipelineStage.objects.filter(is_won=False, is_lost=False)
    return rows.order_by("sort_order", "pk")


class StaffChoice(forms.ModelChoiceField):
    """A person of the team; those whose account is closed are named so."""

    def label_from_instance(self, person: Any) -> str:
        return str(person) if person.is_active else _text("%s (compte fermé)") % person


def read_budget(text: str, currency: str) -> int | None:
    """Read a budget typed by a person, in minor units; None when nothing was typed.

    :raises ValidationError: if it is no amount, or more than anybody pays.
    """
    if not text.strip():
        return None
    try:
        amount = parse_amount(text, currency)
    except UnreadableAmount as error:
        raise forms.ValidationError(*error.args) from error
    if not 0 <= amount <= MOST_AMOUNT:
        raise forms.ValidationError(_("Ce montant n’est pas un budget : comptez ses zéros."))
    return amount


class OpportunityForm(WagtailAdminModelForm):
    """An opportunity. Its step changes by the pipeline, so that its history is kept."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        row = self.instance
        if "owner" in self.fields:
            self.fields["owner"] = StaffChoice(
                label=self.fields["owner"].label, required=False, queryset=staff(also=row.owner_id)
            )
        if "currency" in self.fields:
            self.fields["currency"] = forms.ChoiceField(
                label=self.fields["currency"].label, choices=CODES
            )
        if "stage" in self.fields:
            self._hold_stage()
        if "amount" in self.fields:
            self.fields["amount"] = forms.CharField(
                label=self.fields["amount"].label, required=False, max_length=40
            )
            if row.amount is not None:
                self.initial["amount"] = format_figure(row.amount, row.currency)

    def _hold_stage(self) -> None:
        is_new = self.instance.pk is None
        rows = open_stages() if is_new else PipelineStage.objects.filter(pk=self.instance.stage_id)
        self.fields["stage"] = forms.ModelChoiceField(
            label=self.fields["stage"].label,
            queryset=rows,
            empty_label=None,
            disabled=not is_new,
            help_text=""
            if is_new
            else _("Elle change par le pipeline ou par les boutons de la fiche."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "amount" in cleaned:
            try:
                code = cleaned.get("currency") or self.instance.currency
                cleaned["amount"] = read_budget(cleaned["amount"], code)
            except forms.ValidationError as error:
                self.add_error("amount", error)
        return cleaned

    def clean_client(self) -> Any:
        """Keep a sale with its client: its history, its links and its payments are theirs."""
        client = self.cleaned_data["client"]
        if self.instance.pk and client.pk != self.initial["client"]:
            raise forms.ValidationError(
                _("Une opportunité reste à son client : ouvrez-en une autre pour celui-ci.")
            )
        return client

    def clean_follow_up_date(self) -> Any:
        return self._coming("follow_up_date")

    def clean_expected_close(self) -> Any:
        return self._coming("expected_close")

    def _coming(self, name: str) -> Any:
        """Refuse a day that is typed in the past; one that went by meanwhile may stay."""
        day = self.cleaned_data.get(name)
        if day and day < timezone.localdate() and name in self.changed_data:
            raise forms.ValidationError(PAST)
        return day


class StageForm(WagtailAdminModelForm):
    """A step: while sales stand there, it does not turn from open to closed or back."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        changed = {"is_won", "is_lost"} & set(self.changed_data)
        if self.instance.pk and changed and self.instance.opportunities.exists():
            text = _("Des opportunités sont à cette étape : déplacez-les d’abord, puis changez-la.")
            self.add_error(changed.pop(), text)
        return cleaned


class CriterionForm(WagtailAdminModelForm):
    """A criterion: its value fits its fact."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        fact, value = cleaned.get("fact"), cleaned.get("value") or ""
        if fact == ScoreCriterion.Fact.SOURCE and value not in Opportunity.Source.values:
            known = ", ".join(f"{key} ({label})" for key, label in Opportunity.Source.choices)
            self.add_error("value", _text("Écrivez une source : %s.") % known)
        if fact == ScoreCriterion.Fact.AMOUNT and whole(value) is None:
            self.add_error("value", _("Écrivez un montant en chiffres, par exemple 1 000 000."))
        if fact in TIMED and (whole(value) is None or whole(value) > 3650):
            self.add_error("value", _("Écrivez un nombre de jours, 3650 au plus."))
        return cleaned


class LossForm(forms.Form):
    """Why a sale is lost."""

    reason = forms.ModelChoiceField(
        label=_("Motif"),
        queryset=LossReason.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    note = forms.CharField(
        label=_("Précision"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce qui servira la prochaine fois : le prix du concurrent, le délai demandé…"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = LossReason.objects.filter(is_offered=True).order_by("name")


class StageChoiceForm(forms.Form):
    """Another step for one sale."""

    stage = forms.ModelChoiceField(
        label=_("Étape"), queryset=PipelineStage.objects.none(), empty_label=None
    )
    note = forms.CharField(label=_("Précision"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = open_stages()


class FollowUpForm(forms.Form):
    """What came of a follow-up, and the next one."""

    note = forms.CharField(
        label=_("Ce qui en est sorti"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_on = forms.DateField(label=_("Prochaine relance"), required=False, widget=DateInput)
    next_step = forms.CharField(label=_("À faire alors"), required=False, max_length=200)

    def clean_next_on(self) -> Any:
        day = self.cleaned_data.get("next_on")
        if day and day < timezone.localdate():
            raise forms.ValidationError(PAST)
        return day


class PlanForm(forms.Form):
    """When to call again, and what for."""

    to = forms.DateField(label=_("Le"), widget=DateInput)
    step = forms.CharField(label=_("À faire"), required=False, max_length=200)

    def clean_to(self) -> Any:
        if self.cleaned_data["to"] < timezone.localdate():
            raise forms.ValidationError(PAST)
        return self.cleaned_data["to"]


class ProspectForm(forms.Form):
    """The company, the person, and what we hope to sell them."""

    name = forms.CharField(label=_("Entreprise"), max_length=300)
    city = forms.CharField(label=_("Ville"), max_length=120, required=False)
    contact_name = forms.CharField(label=_("Contact"), max_length=200, required=False)
    job_title = forms.CharField(label=_("Fonction"), max_length=120, required=False)
    phone = forms.CharField(label=_("Téléphone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    title = forms.CharField(
        label=_("Opportunité"), max_length=200, help_text=_("Par exemple « Refonte du site ».")
    )
    stage = forms.ModelChoiceField(
        label=_("Étape"), queryset=PipelineStage.objects.none(), empty_label=None
    )
    source = forms.ChoiceField(label=_("Source"), choices=Opportunity.Source.choices)
    amount = forms.CharField(label=_("Budget estimé"), required=False, max_length=40)
    currency = forms.ChoiceField(label=_("Devise"), choices=CODES, initial="XOF", required=False)
    need = forms.CharField(
        label=_("Besoin"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    decider = forms.CharField(label=_("Qui décide"), max_length=200, required=False)
    expected_close = forms.DateField(
        label=_("Décision attendue le"), required=False, widget=DateInput
    )
    follow_up_date = forms.DateField(label=_("Prochaine relance"), required=False, widget=DateInput)
    next_step = forms.CharField(label=_("À faire"), max_length=200, required=False)
    owner = StaffChoice(label=_("Suivie par"), required=False, queryset=User.objects.none())
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = open_stages()
        self.fields["owner"].queryset = staff()

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"] or "XOF"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "amount" in cleaned and "currency" in cleaned:
            try:
                cleaned["amount"] = read_budget(cleaned["amount"], cleaned["currency"])
            except forms.ValidationError as error:
                self.add_error("amount", error)
        today = timezone.localdate()
        for name in ("expected_close", "follow_up_date"):
            if cleaned.get(name) and cleaned[name] < today:
                self.add_error(name, PAST)
        return cleaned
