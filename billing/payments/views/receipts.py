"""What a client has paid, and the receipts for it."""

from django.http import Http404
from django.views.generic import View

from billing.payments.models import Payment, Receipt
from billing.payments.queries import credits_of
from core.access.roles import Grant
from core.access.views import ClientPageMixin, ScopedListView
from core.files.links import download_response


class PaymentListView(ScopedListView):
    """The client's payments, newest first, each with its receipt."""

    model = Payment
    grant = Grant.VIEW_BILLING
    nav_key = "billing"
    template_name = "billing/payments/payment_list.html"
    context_object_name = "payments"

    def get_queryset(self):
        rows = super().get_queryset().select_related("receipt", "attempt")
        return rows.prefetch_related("allocations__invoice").order_by("-received_on", "-pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(credits=credits_of(self.visible(Payment)), **kwargs)


class KeptReceiptsView(ScopedListView):
    """The last receipts on one page, which a device keeps for when it has no network."""

    model = Receipt
    grant = Grant.VIEW_BILLING
    nav_key = "billing"
    template_name = "billing/payments/kept_receipts.html"
    context_object_name = "receipts"
    paginate_by = None
    most = 10

    def get_queryset(self):
        rows = super().get_queryset().select_related("payment", "company")
        rows = rows.prefetch_related("payment__allocations__invoice")
        return rows.order_by("-issue_date", "-pk")[: self.most]


class ReceiptPdfView(ClientPageMixin, View):
    """The PDF of a receipt."""

    grant = Grant.VIEW_BILLING

    def get(self, request, number):
        receipt = self.visible_or_404(Receipt, number=number)
        if receipt.pdf is None:
            raise Http404
        return download_response(request, receipt.pdf)
