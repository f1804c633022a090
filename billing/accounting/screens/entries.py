"""The journals: entries with their lines, filtered, with totals; and those of an invoice."""

from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, ModelChoiceFilter
from wagtail import hooks
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from billing.accounting.chart import Journal
from billing.accounting.models import Books, EntryLine, JournalEntry, Lettering
from billing.accounting.queries import entries_of_invoice
from core.access.policies import ClosedPolicy, ReadOnlyPolicy
from core.accounts.models import Client
from core.backoffice import menu
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import FrenchDateColumn, MoneyColumn, StatusColumn, StatusLook
from core.backoffice.pages import readable
from core.backoffice.reports import RecordReport
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section
from core.money import format_amount, format_figure

register_permission_policy(JournalEntry, ReadOnlyPolicy(JournalEntry))
register_permission_policy(EntryLine, ReadOnlyPolicy(EntryLine))
register_permission_policy(Lettering, ClosedPolicy(Lettering))

STATES = [("draft", _("À valider")), ("validated", _("Validée"))]
LOOKS = {True: StatusLook("done", "ok"), False: StatusLook("todo")}


def filter_state(rows: QuerySet, path: str, value: str) -> QuerySet:
    """Keep drafts, or what is validated."""
    return rows.filter(**{f"{path}number__isnull": value == "draft"})


class EntryFilterSet(WagtailFilterSet):
    """Entries by journal, by state, by day."""

    state = ChoiceFilter(label=_("État"), choices=STATES, method="by_state")
    date = DateFromToRangeFilter(label=_("Date"), widget=DateRangePickerWidget)

    class Meta:
        model = JournalEntry
        fields = ["journal", "kind", "state", "date"]

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return filter_state(rows, "", value)


def _currency(row: Any) -> str:
    entry = row if isinstance(row, JournalEntry) else row.entry
    return entry.books.company.currency


class EntryMoney(MoneyColumn):
    """An amount in the currency of the company."""

    def get_value(self, instance: Any) -> Any:
        instance.books_currency = _currency(instance)
        return super().get_value(instance)


class EntryViewSet(ReadOnlyViewSet):
    """Every entry, newest first."""

    model = JournalEntry
    icon = "list-ol"
    menu_label = _("Écritures")
    ordering = "-date"
    list_display = [
        TitleColumn(
            "piece", label=_("Pièce"), url_name="wagtailsnippets_accounting_journalentry:inspect"
        ),
        FrenchDateColumn("date", label=_("Date"), sort_key="date"),
        Column("get_journal_display", label=_("Journal")),
        Column("number", label=_("N°")),
        Column("label", label=_("Libellé")),
        EntryMoney("total", label=_("Montant"), currency="books_currency"),
        StatusColumn(
            "is_validated",
            label=_("État"),
            looks=LOOKS,
            accessor=lambda row: row.number is not None,
            word=lambda row: _("Validée") if row.number else _("À valider"),
        ),
    ]
    filterset_class = EntryFilterSet
    search_fields = ["piece", "label"]
    list_export = ["date", "journal", "number", "piece", "label", "total"]
    inspect_view_fields = [
        "piece",
        "label",
        "kind",
        "journal",
        "date",
        "piece_date",
        "number",
        "validated_at",
        "validated_by",
        "posted_at",
        "batch",
        "currency",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[JournalEntry]:
        return JournalEntry.objects.select_related("books__company", "batch", "validated_by")

    def sections(self, record: JournalEntry, request: HttpRequest) -> list[Section]:
        currency = record.books.company.currency
        lines = record.lines.select_related("lettering").order_by("pk")
        rows = [
            [
                line.account,
                line.account_label,
                f"{line.aux} {line.aux_label}".strip(),
                _figure(line.debit, currency),
                _figure(line.credit, currency),
                line.lettering.code if line.lettering else "",
            ]
            for line in lines
        ]
        whole = format_amount(record.total, currency)
        return [
            Section(
                title=_("Lignes"),
                headings=HEADINGS,
                rows=[*rows, ["", _("Total"), "", whole, whole, ""]],
            )
        ]


HEADINGS = [
    _("Compte"),
    _("Intitulé"),
    _("Tiers"),
    _("Débit"),
    _("Crédit"),
    _("Lettre"),
]


class LineFilterSet(WagtailFilterSet):
    """Lines by journal, account, client, state, day."""

    journal = ChoiceFilter(label=_("Journal"), choices=Journal.choices, field_name="entry__journal")
    account = CharFilter(label=_("Compte (début)"), field_name="account", lookup_expr="startswith")
    client = ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.all(),
        widget=RecordChooser(Client, icon="group"),
    )
    state = ChoiceFilter(label=_("État"), choices=STATES, method="by_state")
    date = DateFromToRangeFilter(
        label=_("Date"), widget=DateRangePickerWidget, field_name="entry__date"
    )

    class Meta:
        model = EntryLine
        fields = ["journal", "account", "client", "state", "date"]

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return filter_state(rows, "entry__", value)


class JournalReport(RecordReport):
    """The lines of the journals, with both totals."""

    model = EntryLine
    slug = "journaux-comptables"
    page_title = _("Journaux")
    header_icon = "list-ul"
    filterset_class = LineFilterSet
    default_ordering = "-entry__date"
    columns = [
        FrenchDateColumn("entry.date", label=_("Date"), accessor=lambda row: row.entry.date),
        Column("journal", label=_("Journal"), accessor=lambda row: row.entry.get_journal_display()),
        Column("piece", label=_("Pièce"), accessor=lambda row: row.entry.piece),
        Column("account", label=_("Compte")),
        Column("aux_label", label=_("Tiers")),
        Column("label", label=_("Libellé"), accessor=lambda row: row.entry.label),
        EntryMoney("debit", label=_("Débit"), currency="books_currency"),
        EntryMoney("credit", label=_("Crédit"), currency="books_currency"),
        Column(
            "lettering",
            label=_("Lettre"),
            accessor=lambda row: row.lettering.code if row.lettering else "",
        ),
    ]
    export_headings = {"entry.get_journal_display": _("Journal")}
    list_export = [
        "entry.date",
        "entry.get_journal_display",
        "entry.number",
        "entry.piece",
        "account",
        "account_label",
        "aux",
        "aux_label",
        "entry.label",
        "debit",
        "credit",
    ]

    def get_base_queryset(self) -> QuerySet[EntryLine]:
        rows = super().get_base_queryset()
        return rows.select_related("entry__books__company", "lettering")

    def totals(self, rows: QuerySet) -> list[tuple[Any, Any]]:
        sums = rows.aggregate(debit=Sum("debit"), credit=Sum("credit"))
        books = Books.objects.select_related("company").order_by("pk").first()
        currency = books.company.currency if books else "XOF"
        return [
            (_("Total débit"), format_amount(sums["debit"] or 0, currency)),
            (_("Total crédit"), format_amount(sums["credit"] or 0, currency)),
        ]


@hooks.register("nourx_invoice_sections")
def entries_section(invoice: Any) -> list[Section]:
    """Show the entries of an invoice on its page."""
    rows = []
    currency = invoice.company.currency
    for entry in entries_of_invoice(invoice):
        url = reverse("wagtailsnippets_accounting_journalentry:inspect", args=[entry.pk])
        for line in entry.lines.all():
            rows.append(
                [
                    readable(entry.date),
                    format_html('<a href="{}">{}</a>', url, entry.piece),
                    f"{line.account} {line.account_label}",
                    _figure(line.debit, currency),
                    _figure(line.credit, currency),
                ]
            )
    if not rows:
        return []
    headings = [_("Date"), _("Pièce"), _("Compte"), _("Débit"), _("Crédit")]
    return [Section(title=_("Comptabilité"), headings=headings, rows=rows, order=90)]


def _figure(amount: int, currency: str) -> str:
    return format_figure(amount, currency) if amount else ""


menu.add("comptabilite", EntryViewSet, order=20)
menu.add_report("comptabilite", JournalReport, order=25)
