"""The parts of accepted quotes in the back-office: what is to bill, what is billed."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from billing.invoicing.models import Invoice, Quote, QuoteInstalment
from billing.invoicing.queries import HEAVY
from billing.quoting import queries
from billing.quoting.admin.acts import InvoiceDraftAction
from billing.quoting.models import BilledPart
from billing.quoting.services.billing import CannotBill, bill_instalment
from core.accounts.models import Client
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import FrenchDateColumn, MoneyColumn
from core.backoffice.viewsets import ReadOnlyViewSet

TO_BILL, BILLED, WAITING = "a-facturer", "facturees", "a-venir"


class BillPart(InvoiceDraftAction):
    """The draft invoice of this part, in one click and a confirmation."""

    name = "facturer"
    label = _("Facturer")
    icon_name = "doc-full"
    permission = "view"
    question = _("Un brouillon de facture est préparé pour cette échéance.")
    success = _("Brouillon de facture créé.")
    refusals = (CannotBill,)

    def perform(self, record: QuoteInstalment, actor: Any, **values: Any) -> Invoice:
        return bill_instalment(instalment=record, at=timezone.now(), actor=actor)

    @classmethod
    def is_offered(cls, record: QuoteInstalment) -> bool:
        is_agreed = record.quote.status == Quote.Status.ACCEPTED and record.amount > 0
        return is_agreed and not BilledPart.objects.filter(queries.LIVE, instalment=record).exists()


class InstalmentFilterSet(WagtailFilterSet):
    """How parts are filtered: by where they stand, and whose they are."""

    situation = ChoiceFilter(
        label=_("Situation"),
        method="filter_situation",
        choices=[(TO_BILL, _("À facturer")), (BILLED, _("Facturées")), (WAITING, _("À venir"))],
    )
    client = ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.all(),
        widget=RecordChooser(Client, icon="group"),
    )

    class Meta:
        model = QuoteInstalment
        fields = ["situation", "client"]

    def filter_situation(
        self, rows: QuerySet[QuoteInstalment], name: str, value: str
    ) -> QuerySet[QuoteInstalment]:
        due = queries.due_instalments().values("pk")
        if value == TO_BILL:
            return rows.filter(pk__in=due)
        if value == BILLED:
            return rows.filter(is_billed=True)
        return rows.filter(is_billed=False).exclude(pk__in=due)


class InstalmentViewSet(ReadOnlyViewSet):
    """What accepted quotes leave to bill."""

    model = QuoteInstalment
    icon = "calendar-check"
    menu_label = _("Échéances de devis")
    ordering = ("quote_id", "sort_order", "pk")
    search_fields = ["label", "quote__number", "client__search_norm"]
    list_display = [
        "label",
        Column("quote", label=_("Devis"), accessor="quote.number"),
        Column("client", label=_("Client")),
        Column("kind", label=_("Nature"), accessor="get_kind_display"),
        FrenchDateColumn("expected_on", label=_("Prévue le")),
        Column("state", label=_("État"), accessor=lambda row: _state(row)),
        MoneyColumn("amount", label=_("Montant TTC")),
    ]
    filterset_class = InstalmentFilterSet
    list_export = ["quote.number", "client.name", "label", "kind", "expected_on", "amount"]
    export_filename = "echeances-de-devis"
    inspect_view_fields = ["label", "kind", "percent", "expected_on"]
    actions = (BillPart,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuoteInstalment]:
        rows = QuoteInstalment.objects.filter(quote__status=Quote.Status.ACCEPTED)
        heavy = [f"quote__{name}" for name in HEAVY]
        due = queries.due_instalments().filter(pk=OuterRef("pk"))
        live = BilledPart.objects.filter(queries.LIVE, instalment=OuterRef("pk"))
        rows = rows.annotate(is_billed=Exists(live), is_due=Exists(due))
        return rows.select_related("quote", "client").defer(*heavy, "client__search_vector")


def _state(row: Any) -> Any:
    if row.is_billed:
        return queries.BILLED
    return queries.TO_BILL if row.is_due else queries.WAITING
