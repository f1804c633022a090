"""Paying through the JSON API. Amounts are whole units of the currency."""

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.invoicing.models import Invoice
from billing.payments.models import PaymentAttempt
from billing.payments.services import CannotPay, NotPayable, PaymentUnavailable, start_attempt
from core.access.api import IsMember, ScopedDetailAPI
from core.access.grants import require
from core.access.roles import Grant

STATUS = ((NotPayable, 409), (PaymentUnavailable, 503), (CannotPay, 422))


class PayRequest(serializers.Serializer):
    """How to pay. Without an amount, the whole due; the same key again is the same attempt."""

    channel = serializers.CharField(max_length=20)
    amount = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    idempotency_key = serializers.CharField(max_length=64, required=False, default="")


class AttemptSerializer(serializers.ModelSerializer):
    """Where a payment stands. `redirect_url` is the provider's page, while it waits."""

    invoice = serializers.CharField(source="invoice.number", read_only=True, allow_null=True)

    class Meta:
        model = PaymentAttempt
        fields = ["reference", "invoice", "amount", "currency", "state", "redirect_url"]


class PayAPI(APIView):
    """Open a payment page for an invoice."""

    permission_classes = [IsAuthenticated, IsMember]

    @extend_schema(request=PayRequest, responses={201: AttemptSerializer})
    def post(self, request: Request, number: str) -> Response:
        invoice = get_object_or_404(Invoice.objects.visible_to(request.user), number=number)
        require(request.user, Grant.PAY_INVOICES, invoice.client_id)
        wanted = PayRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        try:
            attempt = start_attempt(
                invoice=invoice,
                amount=values.get("amount"),
                channel=values["channel"],
                actor=request.user,
                idempotency_key=values["idempotency_key"],
                at=timezone.now(),
            )
        except CannotPay as refusal:
            status = next(status for kind, status in STATUS if isinstance(refusal, kind))
            return Response({"detail": str(refusal.message)}, status=status)
        return Response(AttemptSerializer(attempt).data, status=201)


class PaymentAPI(ScopedDetailAPI):
    """Where a payment stands."""

    queryset = PaymentAttempt.objects.select_related("invoice")
    serializer_class = AttemptSerializer
    lookup_field = "reference"


urlpatterns = [
    path("invoices/<str:number>/pay/", PayAPI.as_view(), name="api_pay"),
    path("payments/<str:reference>/", PaymentAPI.as_view(), name="api_payment"),
]
