"""Choosing how to pay an invoice, and leaving for the provider's page."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from billing.invoicing.models import Invoice
from billing.payments import links, offers
from billing.payments.services import CannotPay, NotPayable, PaymentUnavailable, start_attempt
from core.access.grants import require
from core.access.headers import lead_to_payment
from core.access.roles import Grant
from core.access.views import ClientPageMixin

STATUS = ((NotPayable, 409), (PaymentUnavailable, 503), (CannotPay, 422))


class PayView(ClientPageMixin, View):
    """Shows the ways to pay an invoice; a POST opens a payment page and leads to it."""

    grant = Grant.PAY_INVOICES
    nav_key = "billing"
    http_method_names = ["get", "head", "post"]

    def get(self, request, number):
        offer = self._offer(number)
        return self._show(offer, status=200 if offer.is_payable else 409)

    def post(self, request, number):
        offer = self._offer(number)
        form = offer.form(request.POST)
        if not form.is_valid():
            return self._show(offer, form=form, status=422)
        try:
            attempt = start_attempt(
                invoice=offer.invoice,
                amount=form.cleaned_data["amount"],
                channel=form.cleaned_data["channel"],
                actor=request.user,
                idempotency_key=form.cleaned_data["key"],
                at=timezone.now(),
            )
        except CannotPay as error:
            status = next(status for kind, status in STATUS if isinstance(error, kind))
            return self._show(self._offer(number), form=form, refusal=error.message, status=status)
        page = reverse("payments:attempt", args=[attempt.reference])
        is_open = attempt.is_live and attempt.redirect_url
        return HttpResponseRedirect(attempt.redirect_url if is_open else page, status=303)

    def _offer(self, number):
        lead_to_payment(self.request)
        invoice = self.visible_or_404(Invoice, number=number)
        require(self.request.user, Grant.PAY_INVOICES, invoice.client_id)
        return offers.make_offer(invoice=invoice, user=self.request.user, at=timezone.now())

    def _show(self, offer, *, form=None, refusal="", status=200):
        context = {
            "nav_key": self.nav_key,
            "offer": offer,
            "invoice": offer.invoice,
            "invoice_url": links.invoice_path(offer.invoice.number),
            "form": form or offer.form(),
            "refusal": refusal,
        }
        return render(self.request, "billing/payments/pay.html", context, status=status)
