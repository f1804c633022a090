"""What filtered rows of money add up to, per currency; and how they are filtered."""

from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, DateFromToRangeFilter, ModelChoiceFilter
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from core.accounts.models import Client
from core.backoffice.choosers import RecordChooser
from core.backoffice.pages import RecordIndexView
from core.money import CURRENCIES, UnreadableAmount, format_amount, parse_amount


class TotalledIndexView(RecordIndexView):
    """A listing whose filtered rows are added up, all pages together."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        context["totals"] = [] if self.is_export else totals(self.object_list)
        return context


def totals(rows: QuerySet) -> list[tuple[str, str]]:
    """Return (label, sum) per currency of rows that hold `amount` and `currency`."""
    groups = rows.order_by().values(code=F("currency")).annotate(sum=Sum("amount"), n=Count("pk"))
    return [
        (
            _text("%(count)s en %(code)s") % {"count": group["n"], "code": group["code"]},
            format_amount(group["sum"], group["code"]),
        )
        for group in groups.order_by("code")
        if group["code"] in CURRENCIES
    ]


class MoneyFilterSet(WagtailFilterSet):
    """Filters of rows of money: whose, how much, in francs or the unit of each row’s currency."""

    client = ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.all(),
        widget=RecordChooser(Client, icon="group"),
    )
    least = CharFilter(label=_("Montant à partir de"), method="from_amount")
    most = CharFilter(label=_("Montant jusqu’à"), method="to_amount")

    def from_amount(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Keep rows of at least an amount; one that cannot be read keeps nothing."""
        return self._bounded(rows, "gte", value)

    def to_amount(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Keep rows of an amount at most."""
        return self._bounded(rows, "lte", value)

    def _bounded(self, rows: QuerySet, bound: str, value: str) -> QuerySet:
        try:
            amount = parse_amount(value)
        except UnreadableAmount:
            return rows.none()
        return rows.filter(**{f"amount__{bound}": amount})


def days(label: Any) -> DateFromToRangeFilter:
    """Return a filter from a day to another."""
    return DateFromToRangeFilter(label=label, widget=DateRangePickerWidget)
