"""The journal of money received."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from billing.payments.models import Payment, PaymentMethod
from billing.payments.screens.money_back import (
    MoveCheque,
    OrderRefund,
    RefundPayment,
    ReleasePayment,
)
from billing.payments.screens.totals import MoneyFilterSet, TotalledIndexView, days
from core.access.policies import ReadOnlyPolicy
from core.backoffice import menu
from core.backoffice.columns import FrenchDateColumn, MoneyColumn
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section
from core.money import format_amount
from core.ui.formats import date_long

register_permission_policy(Payment, ReadOnlyPolicy(Payment))


class PaymentFilterSet(MoneyFilterSet):
    """How payments are filtered."""

    method = ChoiceFilter(label=_("Moyen"), choices=PaymentMethod.choices)
    cheque_state = ChoiceFilter(label=_("Chèque"), choices=Payment.Cheque.choices)
    received_on = days(_("Reçu le"))

    class Meta:
        model = Payment
        fields = ["client", "method", "provider", "account", "cheque_state", "is_test"]


class PaymentViewSet(ReadOnlyViewSet):
    """Every payment received, online or not."""

    model = Payment
    icon = "success"
    menu_label = _("Paiements")
    ordering = "-received_on"
    list_display = [
        TitleColumn(
            "receipt", label=_("Reçu"), url_name="wagtailsnippets_payments_payment:inspect"
        ),
        Column("client", label=_("Client")),
        FrenchDateColumn("received_on", label=_("Reçu le"), sort_key="received_on"),
        MoneyColumn("amount", label=_("Montant")),
        Column("get_method_display", label=_("Moyen")),
        Column("channel", label=_("Opérateur")),
        Column("provider_reference", label=_("Référence")),
        MoneyColumn("amount_unallocated", label=_("À son crédit")),
    ]
    filterset_class = PaymentFilterSet
    index_view_class = TotalledIndexView
    index_results_template_name = "core/backoffice/totalled_results.html"
    search_fields = ["provider_reference", "client__name", "receipt__number", "payer_name"]
    list_export = [
        "received_on",
        "client.name",
        "amount",
        "currency",
        "method",
        "channel",
        "provider_reference",
        "payer_name",
        "payer_phone",
        "account",
        "cheque_state",
        "amount_unallocated",
        "receipt.number",
    ]
    money_fields = ("amount", "amount_unallocated")
    inspect_view_fields = [
        "client",
        "amount",
        "amount_unallocated",
        "method",
        "channel",
        "provider",
        "provider_reference",
        "account",
        "payer_name",
        "payer_phone",
        "cheque_state",
        "cheque_on",
        "received_on",
        "recorded_at",
        "recorded_by",
        "note",
        "is_test",
    ]
    actions = (RefundPayment, OrderRefund, ReleasePayment, MoveCheque)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return Payment.objects.select_related("client", "receipt").defer("client__search_vector")

    def sections(self, record: Payment, request: HttpRequest) -> list[Section]:
        allocations = record.allocations.select_related("invoice").order_by("pk")
        refunds = record.refunds.select_related("credit_note").order_by("pk")
        return [
            Section(
                title=_("Affectation"),
                headings=[_("Facture"), _("Nature"), _("Montant"), _("Motif")],
                rows=[
                    [
                        row.invoice.number,
                        row.get_kind_display(),
                        _money(row.amount, record),
                        row.reason,
                    ]
                    for row in allocations
                ],
                empty=_("Rien n’est affecté : tout est au crédit du client."),
            ),
            Section(
                title=_("Remboursements"),
                headings=[_("Rendu le"), _("Nature"), _("Motif"), _("Avoir"), _("Montant")],
                rows=[
                    [
                        date_long(row.refunded_on),
                        row.get_kind_display(),
                        row.reason,
                        row.credit_note.number if row.credit_note else "—",
                        _money(row.amount, record),
                    ]
                    for row in refunds
                ],
                empty=_("Aucun remboursement."),
            ),
            *_proof(record),
        ]


def _money(amount: int, payment: Payment) -> str:
    return format_amount(amount, payment.currency)


def _proof(payment: Payment) -> list[Section]:
    if payment.proof_id is None:
        return []
    url = reverse("payment_proof", args=[payment.pk])
    return [Section(title=_("Justificatif"), links=[(payment.proof.name, url)])]


menu.add("encaissements", PaymentViewSet, order=10)
