"""Credit notes and number series in the back-office: read, never typed."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from billing.invoicing.admin import actions
from billing.invoicing.admin.sections import note_heading, paper_sections
from billing.invoicing.models import CreditNote, NumberSeries
from billing.invoicing.queries import HEAVY
from core.backoffice.columns import FrenchDateColumn, MoneyColumn
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section


class CreditNoteViewSet(ReadOnlyViewSet):
    """Credit notes, issued from the page of their invoice."""

    model = CreditNote
    icon = "rotate"
    menu_label = _("Avoirs")
    list_display = [
        "number",
        Column("client", label=_("Client")),
        Column("invoice", label=_("Facture")),
        Column("reason", label=_("Motif")),
        FrenchDateColumn("issue_date", label=_("Émis le")),
        MoneyColumn("total", label=_("Total TTC")),
    ]
    list_export = [
        "number", "client", "invoice", "reason", "issue_date", "currency",
        "total_net", "total_vat", "total", "total_added", "total_withheld",
    ]  # fmt: skip
    export_filename = "avoirs"
    money_fields = ("total_net", "total_vat", "total", "total_added", "total_withheld")
    inspect_labels = {"issue_date": _("Émis le")}
    inspect_view_fields = ["number", "client", "invoice", "reason", "issue_date", "total"]
    actions = (actions.DownloadPdf,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CreditNote]:
        notes = CreditNote.objects.select_related("client", "invoice")
        return notes.defer(*HEAVY, "client__search_vector", *(f"invoice__{name}" for name in HEAVY))

    def sections(self, record: CreditNote, request: HttpRequest) -> list[Section]:
        return [note_heading(record), *paper_sections(record)]


class NumberSeriesViewSet(ReadOnlyViewSet):
    """The counters behind the numbers; nothing resets them, and no date goes before the last."""

    model = NumberSeries
    icon = "list-ol"
    menu_label = _("Numérotation")
    ordering = ("-year", "prefix")
    list_display = [
        "__str__",
        Column("prefix", label=_("Série"), accessor="get_prefix_display"),
        Column("year", label=_("Année")),
        Column("last", label=_("Dernier numéro")),
        Column("next_number", label=_("Prochain numéro")),
        FrenchDateColumn("last_date", label=_("Dernière date")),
    ]
    inspect_view_fields = ["company", "prefix", "year", "last", "next_number", "last_date"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[NumberSeries]:
        return NumberSeries.objects.select_related("company")
