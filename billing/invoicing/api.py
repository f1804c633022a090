"""Invoices in the JSON API. Amounts are whole units of the currency."""

from django.urls import path
from rest_framework import serializers

from billing.invoicing.models import Invoice, InvoiceLine
from core.access.api import ScopedDetailAPI, ScopedListAPI


class InvoiceLineSerializer(serializers.ModelSerializer):
    """A line of an invoice."""

    class Meta:
        model = InvoiceLine
        fields = ["label", "detail", "quantity", "unit_price", "vat_rate", "net"]


class InvoiceSerializer(serializers.ModelSerializer):
    """An issued invoice, and what is left to pay."""

    amount_due = serializers.IntegerField(read_only=True)

    class Meta:
        model = Invoice
        fields = [
            "number",
            "subject",
            "status",
            "currency",
            "issue_date",
            "due_date",
            "total_net",
            "total_vat",
            "total",
            "amount_paid",
            "amount_due",
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
