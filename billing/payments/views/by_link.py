"""Paying one invoice by its link, without signing in. Unknown, revoked, over: the same 404."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.generic import View

from billing.invoicing.models import Invoice
from billing.invoicing.pay_links import find_link
from billing.invoicing.services import count_opening, mark_seen
from billing.invoicing.states import invoice_state
from billing.payments import links, offers
from billing.payments.models import PaymentAttempt, Receipt
from billing.payments.previews import describe
from billing.payments.services import CannotPay, start_attempt
from billing.payments.views.paying import STATUS
from billing.payments.visitors import is_person, mark_of
from core import rls
from core.access.headers import lead_to_payment
from core.files.links import download_response
from core.throttle import address_of, is_first, is_too_often

MOST_READS, MOST_PAYMENTS, WHILE = 60, 10, 60  # per visitor, in so many seconds
ONE_VISIT = 30 * 60
NOBODY = AnonymousUser()


class LinkedInvoice(View):
    """Finds the invoice of a link; the rest of its client stays out of sight."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _asks_too_often(request):
            return render(request, "429.html", status=429)
        with rls.staff("payments: a link names one invoice"):
            link = find_link(kwargs["token"], at=timezone.now())
        if link is None:
            raise Http404
        self.link, self.invoice = link, link.invoice
        with rls.clients(link.client_id):
            response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        # The address is the key. « no-referrer » would blank the Origin that the form needs.
        response["Referrer-Policy"] = "same-origin"
        return response


class LinkView(LinkedInvoice):
    """What is to pay, and the way to pay it."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        if is_person(request):
            self._note_visit(request)
        return self._show(self._offer())

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        offer = self._offer()
        form = offer.form(request.POST)
        if not form.is_valid():
            return self._show(offer, form=form, status=422)
        try:
            attempt = start_attempt(
                invoice=self.invoice,
                amount=form.cleaned_data["amount"],
                channel=form.cleaned_data["channel"],
                actor=NOBODY,
                idempotency_key=form.cleaned_data["key"],
                at=timezone.now(),
                pay_link=self.link,
            )
        except CannotPay as error:
            status = next(status for kind, status in STATUS if isinstance(error, kind))
            self.invoice.refresh_from_db()
            return self._show(self._offer(), form=form, refusal=error.message, status=status)
        return HttpResponseRedirect(_next_page(attempt), status=303)

    def _offer(self) -> offers.Offer:
        lead_to_payment(self.request)
        return offers.make_offer(invoice=self.invoice, user=NOBODY, at=timezone.now())

    def _note_visit(self, request: HttpRequest) -> None:
        """Count a visit of a person, once in a while; the first makes the invoice « seen »."""
        if is_first(f"pay-link:{self.link.pk}:{mark_of(request)}", seconds=ONE_VISIT):
            count_opening(link=self.link, at=timezone.now())
            if self.invoice.seen_at is None:
                mark_seen(
                    invoice=self.invoice,
                    at=timezone.now(),
                    actor=None,
                    detail=str(self.link._meta.verbose_name),
                )

    def _show(
        self, offer: offers.Offer, *, form: Any = None, refusal: str = "", status: int = 200
    ) -> HttpResponseBase:
        live = offer.live if offer.live and offer.live.pay_link_id == self.link.pk else None
        context = {
            "token": self.kwargs["token"],
            "offer": offer,
            "invoice": self.invoice,
            "state": invoice_state(
                self.invoice, timezone.localdate(), is_being_paid=offer.live is not None
            ),
            "receipts": receipts_of(self.invoice) if self.invoice.amount_paid else [],
            "form": form or offer.form(),
            "refusal": refusal,
            "preview": describe(self.invoice),
            "own_live_url": links.page_path(live) if live else "",
        }
        return render(self.request, "billing/payments/by_link.html", context, status=status)


class LinkPdfView(LinkedInvoice):
    """The PDF of the invoice."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        if self.invoice.pdf is None:
            raise Http404
        return download_response(request, self.invoice.pdf)


class LinkReceiptView(LinkedInvoice):
    """The receipt of a payment of this invoice made online."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str, number: str) -> HttpResponseBase:
        receipt = get_object_or_404(receipts_of(self.invoice), number=number)
        return download_response(request, receipt.pdf)


def receipts_of(invoice: Invoice) -> QuerySet[Receipt]:
    """Return the receipts of what was paid online for one invoice, and for no other."""
    rows = Receipt.objects.filter(payment__attempt__invoice=invoice, pdf__isnull=False)
    return rows.select_related("payment", "pdf").order_by("pk")


def _next_page(attempt: PaymentAttempt) -> str:
    is_open = attempt.is_live and attempt.redirect_url
    return attempt.redirect_url if is_open else links.page_path(attempt)


def _asks_too_often(request: HttpRequest) -> bool:
    most = MOST_PAYMENTS if request.method == "POST" else MOST_READS
    key = f"pay-link:{request.method}:{address_of(request)}"
    return is_too_often(key, most=most, seconds=WHILE)
