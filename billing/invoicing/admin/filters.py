"""How the team finds invoices: each filter narrows what the others and the search have left."""

from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import (
    ChoiceFilter,
    DateFromToRangeFilter,
    Filter,
    ModelChoiceFilter,
    NumberFilter,
)
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from billing.invoicing.models import Invoice
from billing.invoicing.models.fields import FigureInput
from billing.invoicing.models.invoices import LEFT
from billing.invoicing.states import CANCELLED, DRAFT, DUE, LATE, PAID, PARTLY
from core.accounts.models import Client
from core.backoffice.choosers import RecordChooser
from core.money import CURRENCIES

STATES = (DRAFT, DUE, PARTLY, LATE, PAID, CANCELLED)
WHOLE = [code for code, currency in CURRENCIES.items() if currency.exponent == 0]


class FigureFilter(NumberFilter):
    """An amount typed as people write it, with spaces or without."""

    field_class = FigureInput


class InvoiceFilterSet(WagtailFilterSet):
    """How invoices are filtered: where they stand today, whose, when, what, for how much."""

    situation = ChoiceFilter(
        label=_("Situation"),
        method="filter_situation",
        choices=[(state.key, state.label) for state in STATES],
    )
    kind = ChoiceFilter(label=_("Nature"), choices=Invoice.Kind.choices)
    client = ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.all(),
        widget=RecordChooser(Client, icon="group"),
    )
    issue_date = DateFromToRangeFilter(label=_("Émise le"), widget=DateRangePickerWidget)
    due_date = DateFromToRangeFilter(label=_("Échéance"), widget=DateRangePickerWidget)
    least = FigureFilter(label=_("Total TTC, à partir de"), method="filter_least")
    most = FigureFilter(label=_("Total TTC, jusqu’à"), method="filter_most")

    class Meta:
        model = Invoice
        fields = ["situation", "kind", "client", "issue_date", "due_date", "least", "most"]

    @classmethod
    def add_filter(cls, name: str, added: Filter) -> None:
        """Let a module above filter invoices by what it knows of them."""
        cls.base_filters[name] = added

    def filter_situation(self, rows: QuerySet[Invoice], name: str, value: str) -> QuerySet[Invoice]:
        today = timezone.localdate()
        on_time = Q(due_date=None) | Q(due_date__gte=today)
        kept = {
            DRAFT.key: lambda: rows.filter(status=Invoice.Status.DRAFT),
            DUE.key: lambda: rows.unpaid(),
            PARTLY.key: lambda: rows.unpaid().filter(on_time, amount_paid__gt=0),
            LATE.key: lambda: rows.overdue(today),
            PAID.key: lambda: rows.issued().filter(amount_paid__gte=LEFT),
            CANCELLED.key: lambda: rows.filter(status=Invoice.Status.CANCELLED),
        }
        return kept[value]() if value in kept else rows

    def filter_least(self, rows: QuerySet[Invoice], name: str, value: Decimal) -> QuerySet[Invoice]:
        return rows.filter(_in_units("gte", value))

    def filter_most(self, rows: QuerySet[Invoice], name: str, value: Decimal) -> QuerySet[Invoice]:
        return rows.filter(_in_units("lte", value))


def _in_units(bound: str, value: Decimal) -> Q:
    """Compare totals in the unit of their own currency: francs, or euros and their cents."""
    if abs(value) > 10**13:
        value = Decimal(10**13) if value > 0 else Decimal(0)
    whole = Q(currency__in=WHOLE, **{f"total__{bound}": value})
    return whole | (~Q(currency__in=WHOLE) & Q(**{f"total__{bound}": value * 100}))
