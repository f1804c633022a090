"""Time in the back-office: entries, what an hour costs, and the act of billing them."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, DateFromToRangeFilter, ModelChoiceFilter
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column

from billing.invoicing.admin.line_fields import PriceInput, offered_currencies
from billing.invoicing.models import Invoice
from billing.invoicing.services import Refused
from billing.sources.models import RateCard
from billing.sources.services import time as services
from billing.sources.services.time import Choice, Grouping, Preview
from core.access.policies import KeptRecordPolicy
from core.accounts.models import Client
from core.backoffice.actions import RecordAction
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import FigureColumn, FrenchDateColumn, MoneyColumn
from core.backoffice.dates import DateInput
from core.backoffice.viewsets import RecordViewSet
from portal.projects.models import Project, TimeEntry


class TimePolicy(KeptRecordPolicy):
    """An entry of time on an invoice is neither edited nor deleted."""

    def is_locked(self, record: Any) -> bool:
        return hasattr(record, "billed")


def billing_text(entry: TimeEntry) -> Any:
    """Say where an entry stands: on which invoice, offered, or to bill."""
    if hasattr(entry, "billed"):
        return entry.billed.line.invoice
    if hasattr(entry, "offered"):
        return _text("Non facturable")
    return _text("À facturer") if entry.minutes else ""


class TimeFilterSet(WagtailFilterSet):
    """How entries of time are filtered."""

    project = ModelChoiceFilter(
        label=_("Projet"),
        queryset=lambda request: Project.objects.all(),
        widget=RecordChooser(Project),
    )
    spent_on = DateFromToRangeFilter(label=_("Jour"), widget=DateRangePickerWidget)
    standing = ChoiceFilter(
        label=_("Facturation"),
        method="filter_standing",
        choices=[
            ("todo", _("À facturer")),
            ("billed", _("Facturé")),
            ("offered", _("Non facturable")),
        ],
    )

    class Meta:
        model = TimeEntry
        fields = ["standing", "project", "spent_on"]

    def filter_standing(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        kept = {
            "todo": Q(billed=None, offered=None, minutes__gt=0),
            "billed": Q(billed__isnull=False),
            "offered": Q(offered__isnull=False),
        }
        return rows.filter(kept[value])


class OfferTime(RecordAction):
    name = "offrir"
    label = _("Ne pas facturer")
    icon_name = "cross"
    question = _("Ce temps ne sera proposé sur aucune facture.")
    success = _("Ce temps ne sera pas facturé.")
    refusals = (Refused,)

    def perform(self, record: TimeEntry, actor: Any, **values: Any) -> None:
        services.offer_time(entry=record, at=timezone.now(), actor=actor)

    @classmethod
    def is_offered(cls, record: TimeEntry) -> bool:
        return bool(record.minutes) and not hasattr(record, "billed") and not _is_offered(record)


class ChargeTime(RecordAction):
    name = "facturable"
    label = _("Rendre facturable")
    icon_name = "check"
    question = _("Ce temps sera de nouveau proposé à la facturation.")
    success = _("Ce temps est de nouveau facturable.")

    def perform(self, record: TimeEntry, actor: Any, **values: Any) -> None:
        services.charge_time(entry=record, actor=actor)

    @classmethod
    def is_offered(cls, record: TimeEntry) -> bool:
        return _is_offered(record)


def _is_offered(record: TimeEntry) -> bool:
    return hasattr(record, "offered")


class TimeEntryViewSet(RecordViewSet):
    """Time and costs of projects, and what of them is billed."""

    model = TimeEntry
    icon = "time"
    menu_label = _("Temps et coûts")
    add_label = _("Nouvelle saisie")
    locked_text = _("Ce temps est facturé : il ne change plus.")
    ordering = "-id"
    list_display = [
        "spent_on",
        Column("project", label=_("Projet")),
        Column("user", label=_("Personne")),
        FigureColumn("minutes", label=_("Minutes")),
        FigureColumn("cost", label=_("Coût")),
        Column("billing", label=_("Facturation"), accessor=billing_text),
    ]
    filterset_class = TimeFilterSet
    list_export = ["spent_on", "project", "task", "user", "minutes", "cost", "note"]
    export_filename = "temps"
    search_fields = ["note", "project__title"]
    inspect_view_fields = ["spent_on", "project", "task", "user", "minutes", "cost", "note"]
    actions = (OfferTime, ChargeTime)
    panels = [
        FieldPanel("project"),
        FieldPanel("task"),
        FieldRowPanel([FieldPanel("user"), FieldPanel("spent_on")]),
        FieldRowPanel([FieldPanel("minutes"), FieldPanel("cost")]),
        FieldPanel("note"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TimeEntry]:
        return TimeEntry.objects.select_related(
            "project", "task", "user", "offered", "billed__line__invoice"
        ).defer("billed__line__invoice__search_vector")


class RateCardForm(WagtailAdminModelForm):
    """What an hour costs, typed in the currency chosen."""

    currency = forms.ChoiceField(label=_("Devise"), choices=offered_currencies)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        typed = self.data.get(self.add_prefix("currency"), "") if self.is_bound else ""
        known = dict(self.fields["currency"].choices)
        self.fields["hourly_rate"] = PriceInput(
            currency=typed if typed in known else self.instance.currency,
            label=self.fields["hourly_rate"].label,
            max_digits=13,
            decimal_places=0,
            validators=self.fields["hourly_rate"].validators,
        )


class RateCardViewSet(RecordViewSet):
    """What an hour of the team costs: the agency’s, a person’s, a project’s."""

    model = RateCard
    icon = "time"
    menu_label = _("Tarifs horaires")
    add_label = _("Nouveau tarif")
    ordering = "pk"
    list_display = [
        Column("__str__", label=_("Tarif")),
        Column("user", label=_("Personne")),
        Column("project", label=_("Projet")),
        MoneyColumn("hourly_rate", label=_("Prix de l’heure HT")),
        FrenchDateColumn("valid_from", label=_("À partir du")),
    ]
    list_export = ["user", "project", "hourly_rate", "currency", "valid_from"]
    inspect_view_fields = ["user", "project", "hourly_rate", "currency", "valid_from"]
    money_fields = ("hourly_rate",)
    export_filename = "tarifs-horaires"
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("user"), FieldPanel("project")]),
            FieldRowPanel([FieldPanel("hourly_rate"), FieldPanel("currency")]),
            FieldPanel("valid_from"),
        ],
        base_form_class=RateCardForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[RateCard]:
        return RateCard.objects.select_related("user", "project")


class TimeForm(forms.Form):
    """Which time is billed, and how it is grouped into lines."""

    start = forms.DateField(label=_("Du"), widget=DateInput)
    end = forms.DateField(label=_("Au"), widget=DateInput)
    grouping = forms.ChoiceField(
        label=_("Une ligne par"),
        choices=[
            (Grouping.TASK.value, _("tâche")),
            (Grouping.PERSON.value, _("personne")),
            (Grouping.DAY.value, _("jour")),
        ],
    )
    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _text("La fin précède le début."))
        return cleaned


class BillTime(RecordAction):
    """Shows what the time of a period comes to, then makes one draft of it."""

    name = "temps"
    label = _("Facturer le temps")
    icon_name = "time"
    form_class = TimeForm
    template_name = "billing/sources/admin/bill_time.html"
    refusals = (Refused,)
    is_listed = False

    def get_initial(self) -> dict[str, Any]:
        start, end = last_month(timezone.localdate())
        return {"start": start, "end": end, "grouping": Grouping.TASK.value}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require(request.user)
        asked = request.GET if "start" in request.GET else self.get_initial()
        form = TimeForm(asked)
        preview = self._preview(form) if form.is_valid() else None
        return self.render_to_response(self.get_context_data(form=form, preview=preview))

    def _preview(self, form: TimeForm) -> Preview | None:
        try:
            preview = services.preview_time(self._choice(form.cleaned_data))
        except services.CannotBillTime as refusal:
            form.add_error(None, refusal.message)
            return None
        form.data = {**form.cleaned_data, "expected": preview.amount}
        return preview

    def perform(self, record: Any, actor: Any, **values: Any) -> Invoice:
        return services.bill_time(
            choice=self._choice(values),
            expected=values["expected"] or 0,
            on=timezone.localdate(),
            actor=actor,
        )

    def _choice(self, values: dict[str, Any]) -> Choice:
        record = self.object
        is_project = isinstance(record, Project)
        return Choice(
            client=record.client if is_project else record,
            project=record if is_project else None,
            start=values["start"],
            end=values["end"],
            grouping=Grouping(values["grouping"]),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        client = self._client()
        return super().get_context_data(currency=client.currency, rates_url=_rates_url(), **kwargs)

    def _client(self) -> Client:
        return self.object.client if isinstance(self.object, Project) else self.object

    def get_record_url(self, done: Any = None) -> str:
        if done is None:
            return super().get_record_url()
        return reverse("wagtailsnippets_invoicing_invoice:edit", args=[done.pk])

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and user.has_perm("invoicing.add_invoice")


def last_month(today: date) -> tuple[date, date]:
    """Return the first and last day of the month before a day’s."""
    end = today.replace(day=1) - timedelta(days=1)
    return end.replace(day=1), end


def _rates_url() -> str:
    return reverse("wagtailsnippets_sources_ratecard:list")
