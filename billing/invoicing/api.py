"""Invoices in the JSON API. Amounts are whole units of the currency."""

from django.urls import path
from rest_framework import serializers

from billing.invoicing.models import Invoice, InvoiceLine
from core.access.api import ScopedDetailAPI, ScopedListAPI


class InvoiceLineSerializer(serializers.ModelSerializer):
    """A line of an invoice."""

    class Meta:
        model = InvoiceLine
        fields = [
            "section",
            "label",
            "detail",
            "quantity",
            "unit",
            "unit_price",
            "discount_percent",
            "discount_amount",
            "vat_rate",
            "vat_code",
            "net",
        ]


class InvoiceSerializer(serializers.ModelSerializer):
    """An issued invoice, and what is left to pay."""

    amount_due = serializers.IntegerField(read_only=True)
    amount_payable_now = serializers.IntegerField(read_only=True)

    class Meta:
        model = Invoice
        fields = [
            "number",
            "kind",
            "subject",
            "status",
            "currency",
            "issue_date",
            "due_date",
            "total_net",
            "total_vat",
            "total",
            "total_added",
            "total_withheld",
            "amount_paid",
            "amount_credited",
            "amount_adjusted",
            "amount_due",
            "amount_payable_now",
        ]


class InvoiceDetailSerializer(InvoiceSerializer):
    """An invoice with its lines."""

    lines = InvoiceLineSerializer(many=True, read_only=True)

    class Meta(InvoiceSerializer.Meta):
        fields = [*InvoiceSerializer.Meta.fields, "lines"]


class InvoiceListAPI(ScopedListAPI):
    """The client's invoices, the newest first."""

    queryset = Invoice.objects.order_by("-issue_date", "-id").defer("search_norm")
    serializer_class = InvoiceSerializer


class InvoiceDetailAPI(ScopedDetailAPI):
    """One invoice, by its number."""

    queryset = Invoice.objects.prefetch_related("lines").defer("search_norm")
    serializer_class = InvoiceDetailSerializer
    lookup_field = "number"


urlpatterns = [
    path("invoices/", InvoiceListAPI.as_view(), name="api_invoices"),
    path("invoices/<str:number>/", InvoiceDetailAPI.as_view(), name="api_invoice"),
]
