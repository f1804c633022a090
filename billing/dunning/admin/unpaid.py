"""« Impayés »: every unpaid invoice that is late, its risk, what holds it, and what to do."""

from typing import Any

from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter, NumberFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from billing.dunning.admin.acts import (
    CloseDispute,
    NotePromise,
    OpenDispute,
    PauseInvoice,
    RemindNow,
)
from billing.dunning.risk import with_risk
from billing.invoicing.admin.corrections import WriteOff
from billing.invoicing.models import Invoice
from billing.invoicing.queries import HEAVY, outstanding
from core.accounts.models import Client
from core.backoffice import menu
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import (
    FigureColumn,
    MoneyColumn,
    PlainColumn,
)
from core.backoffice.reports import RecordReport
from core.money import format_short

SITUATIONS = {
    "disputed": (_("Contestées"), {"is_disputed": True}),
    "promised": (_("Promises"), {"promised_for__isnull": False}),
    "paused": (_("En pause"), {"paused_until__isnull": False}),
    "free": (
        _("Sans retenue"),
        {"is_disputed": False, "promised_for": None, "paused_until": None},
    ),
}


class UnpaidFilterSet(WagtailFilterSet):
    """By client, by what holds them, by lateness and risk."""

    client = ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.all(),
        widget=RecordChooser(Client, icon="group"),
    )
    situation = ChoiceFilter(
        label=_("Situation"),
        method="filter_situation",
        choices=[(key, label) for key, (label, _kept) in SITUATIONS.items()],
    )
    risk = NumberFilter(label=_("Risque d’au moins"), field_name="risk", lookup_expr="gte")
    days_late = NumberFilter(
        label=_("Jours de retard d’au moins"), field_name="days_late", lookup_expr="gte"
    )

    class Meta:
        model = Invoice
        fields: list[str] = []

    def filter_situation(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(**SITUATIONS[value][1]) if value in SITUATIONS else rows


class ActsColumn(PlainColumn):
    """Links to the acts that an invoice offers."""

    def get_value(self, instance: Any) -> Any:
        return format_html_join(
            " ", '<a class="w-whitespace-nowrap" href="{}">{}</a>', _acts_of(instance)
        )


def _acts_of(invoice: Any) -> list[tuple[str, Any]]:
    offered = [
        (RemindNow, _("Relancer")),
        (NotePromise, _("Promesse")),
        (PauseInvoice, _("Pause")),
        (CloseDispute, _("Clore le litige")) if invoice.is_disputed else (OpenDispute, _("Litige")),
        (WriteOff, _("Perte")),
    ]
    return [(_address(act.name, invoice), label) for act, label in offered]


def _address(name: str, invoice: Any) -> str:
    return reverse(f"wagtailsnippets_invoicing_invoice:{name}", args=[quote(invoice.pk)])


def _contact(row: Any) -> Any:
    """Say the last step told, and when."""
    if row.last_told_at is None:
        return "—"
    day = timezone.localtime(row.last_told_at)
    return format_html("{}<br>{}", row.last_step or "—", f"{day:%d/%m/%Y}")


def _holding(row: Any) -> Any:
    words = []
    if row.is_disputed:
        words.append(_("contestée"))
    if row.promised_for:
        words.append(format_html("{} {}", _("promise pour le"), f"{row.promised_for:%d/%m/%Y}"))
    if row.paused_until:
        words.append(format_html("{} {}", _("en pause jusqu’au"), f"{row.paused_until:%d/%m/%Y}"))
    return format_html_join(", ", "{}", ((word,) for word in words)) or "—"


class UnpaidReport(RecordReport):
    """Late invoices, the riskiest first."""

    model = Invoice
    slug = "impayes"
    page_title = _("Impayés")
    header_icon = "warning"
    default_ordering = ("-risk", "due_date")
    filterset_class = UnpaidFilterSet
    results_template_name = "billing/dunning/admin/unpaid_results.html"
    columns = [
        TitleColumn(
            "number", label=_("Facture"), url_name="wagtailsnippets_invoicing_invoice:inspect"
        ),
        Column("client", label=_("Client")),
        FigureColumn("risk", label=_("Risque"), sort_key="risk"),
        FigureColumn("days_late", label=_("Jours de retard"), sort_key="days_late"),
        MoneyColumn("amount_due", label=_("Reste dû"), sort_key="francs"),
        PlainColumn(
            "last_step", label=_("Dernière relance"), sort_key="last_told_at", accessor=_contact
        ),
        PlainColumn("holding", label=_("Retenue"), accessor=_holding, classname="nx-wrap"),
        ActsColumn("acts", label=_("Agir"), accessor=lambda row: row, classname="nx-wrap"),
    ]
    list_export = [
        "number", "client.name", "risk", "days_late", "amount_due", "currency", "due_date",
        "last_step", "last_told_at", "is_disputed", "promised_for", "paused_until",
    ]  # fmt: skip
    export_headings = {
        "risk": _("Risque"),
        "days_late": _("Jours de retard"),
        "last_step": _("Dernière relance"),
        "last_told_at": _("Relancée le"),
        "is_disputed": _("Contestée"),
        "promised_for": _("Promise pour le"),
        "paused_until": _("En pause jusqu’au"),
    }
    export_filename = "impayes"

    def get_base_queryset(self) -> QuerySet[Invoice]:
        today = timezone.localdate()
        rows = Invoice.objects.overdue(today).select_related("client")
        return with_risk(rows.defer(*HEAVY, "client__search_vector"), on=today)

    def totals(self, rows: QuerySet) -> list[tuple[Any, Any]]:
        kept = Invoice.objects.filter(pk__in=rows.values("pk"))
        sums = outstanding(kept)
        return [
            (_("Factures"), sum(found.count for found in sums)),
            *((_("Reste dû"), format_short(found.amount, found.currency)) for found in sums),
        ]


menu.add_report("relances", UnpaidReport, order=10)
