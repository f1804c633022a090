"""What the link of a client shows of our invoices, and the way from there to pay one."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks

from billing.invoicing.models import Invoice
from billing.invoicing.pay_links import url_of
from billing.invoicing.services import CannotShare, make_pay_link
from billing.invoicing.states import invoice_state
from core.hooks import LinkedService
from portal.guests.views import LinkedPage

MOST_SHOWN = 20


@hooks.register("nourx_linked_services")
def invoices_by_link(visitor: Any) -> Iterator[LinkedService]:
    """Give the invoices of the client, those to pay first."""
    today = timezone.localdate()
    rows = Invoice.objects.visible_to(visitor).exclude(status=Invoice.Status.CANCELLED)
    newest = rows.order_by("-issue_date", "-pk")[:MOST_SHOWN]
    for invoice in sorted(newest, key=lambda row: row.amount_due <= 0):
        state = invoice_state(invoice, today)
        is_due = invoice.amount_due > 0
        yield LinkedService(
            title=invoice.subject,
            reference=invoice.number,
            amount=invoice.amount_due if is_due else invoice.amount_asked,
            currency=invoice.currency,
            label=state.label,
            glyph=state.glyph,
            tone=state.tone,
            pay_url=reverse("payments:pay_as_guest", args=[invoice.number]) if is_due else "",
        )


class GuestPayView(LinkedPage):
    """Leads from the link of a client to the link of one of its invoices, which takes payments."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        invoice = get_object_or_404(Invoice.objects.visible_to(self.visitor), number=number)
        try:
            link = make_pay_link(invoice=invoice, at=timezone.now(), actor=None)
        except CannotShare:  # it was paid meanwhile
            return HttpResponseRedirect(reverse("guests:portal"))
        return HttpResponseRedirect(url_of(link))
