"""Quotes in the back-office."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, DateFromToRangeFilter, ModelChoiceFilter
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, TabbedInterface
from wagtail.admin.ui.tables import Column

from billing.invoicing import services
from billing.invoicing.admin import actions
from billing.invoicing.admin.forms import PaperForm
from billing.invoicing.admin.panels import head_panels, line_panels, text_panels
from billing.invoicing.admin.sections import decision_section, paper_sections
from billing.invoicing.models import Quote
from billing.invoicing.queries import HEAVY
from billing.invoicing.states import ACCEPTED, DRAFT, EXPIRED, REFUSED, SENT, quote_state
from core.accounts.models import Client, Company
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import FrenchDateColumn, MoneyColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section

LOOKS = {
    state.key: StatusLook(state.glyph, state.tone)
    for state in (DRAFT, SENT, ACCEPTED, REFUSED, EXPIRED)
}


def _key(quote: Quote) -> str:
    return quote_state(quote, timezone.localdate()).key


def _word(quote: Quote) -> Any:
    """Say it in the team’s words: what the client has to accept, we have sent."""
    is_over = quote.is_expired(timezone.localdate())
    return EXPIRED.label if is_over else quote.get_status_display()


class QuoteFilterSet(WagtailFilterSet):
    """How quotes are filtered."""

    status = ChoiceFilter(label=_("État"), choices=Quote.Status.choices)
    client = ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.all(),
        widget=RecordChooser(Client, icon="group"),
    )
    issue_date = DateFromToRangeFilter(label=_("Envoyé le"), widget=DateRangePickerWidget)

    class Meta:
        model = Quote
        fields = ["status", "client", "issue_date"]


class QuoteViewSet(RecordViewSet):
    """Offers to write, send, and turn into invoices once accepted."""

    model = Quote
    icon = "doc-empty"
    menu_label = _("Devis")
    add_label = _("Nouveau devis")
    locked_text = _("Ce devis est envoyé : dupliquez-le pour en proposer un autre.")
    ordering = ("-updated_at", "-pk")
    list_display = [
        "short_name",
        Column("client", label=_("Client")),
        Column("subject", label=_("Objet")),
        StatusColumn("status", label=_("État"), looks=LOOKS, accessor=_key, word=_word),
        FrenchDateColumn("issue_date", label=_("Envoyé le")),
        FrenchDateColumn(
            "valid_until",
            label=_("Valable jusqu’au"),
            is_late=lambda quote: quote.is_expired(timezone.localdate()),
        ),
        MoneyColumn("total", label=_("Total TTC")),
    ]
    filterset_class = QuoteFilterSet
    list_export = [
        "number", "client", "subject", "status", "issue_date", "valid_until", "currency",
        "total_net", "total_vat", "total", "decided_at", "decided_name",
    ]  # fmt: skip
    export_filename = "devis"
    money_fields = ("total_net", "total_vat", "total")
    inspect_view_fields = [
        "number", "client", "project", "subject", "status", "issue_date", "valid_until", "total",
    ]  # fmt: skip
    edit_handler = TabbedInterface(
        [head_panels(FieldPanel("valid_until")), line_panels(), text_panels(FieldPanel("intro"))],
        base_form_class=PaperForm,
    )
    actions = (
        actions.SendQuote,
        actions.MakeInvoice,
        actions.DownloadPdf,
        actions.DownloadCertificate,
        actions.DuplicateQuote,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quote]:
        return Quote.objects.select_related("client").defer(*HEAVY, "client__search_vector")

    def new_record(self, request: HttpRequest) -> Quote:
        company = Company.objects.order_by("pk").first()
        return Quote(company=company, currency=company.currency if company else "XOF")

    def saved(self, record: Quote, *, actor: Any, is_new: bool) -> None:
        services.save_totals(paper=record)

    def sections(self, record: Quote, request: HttpRequest) -> list[Section]:
        return [decision_section(record), *paper_sections(record)]
