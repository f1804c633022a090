"""What payments add to the client's space: the way to pay on an invoice, and what came in."""

from collections.abc import Iterable, Iterator

from django.http import HttpRequest
from django.utils import timezone
from wagtail import hooks

from billing.invoicing.models import Invoice
from billing.payments import offers, standing
from billing.payments.models import Payment, PaymentAttempt
from billing.payments.queries import client_credit
from billing.payments.services.attempts import PAGE_LIFE
from core.access.grants import may
from core.access.headers import lead_to_payment
from core.access.roles import Grant
from core.hooks import ClientPanel

SHOWN_ATTEMPTS = 10


@hooks.register("nourx_invoice_panels")
def way_to_pay(request: HttpRequest, invoice: Invoice) -> Iterator[ClientPanel]:
    """Offer to pay what is due, to a person who may."""
    if invoice.amount_due <= 0 or not may(request.user, Grant.PAY_INVOICES, invoice.client_id):
        return
    lead_to_payment(request)
    offer = offers.make_offer(invoice=invoice, user=request.user, at=timezone.now())
    yield ClientPanel(
        template="billing/payments/panels/pay.html",
        order=10,
        context={
            "offer": offer,
            "form": offer.form(),
            "credit": client_credit(invoice.client_id, invoice.currency),
        },
        area="aside",
    )


@hooks.register("nourx_invoice_panels")
def payments_of_invoice(request: HttpRequest, invoice: Invoice) -> Iterator[ClientPanel]:
    """Tell what was paid, with the receipts, and what was tried."""
    payments = (
        Payment.objects.filter(allocations__invoice=invoice)
        .select_related("receipt")
        .prefetch_related("allocations__invoice")
        .distinct()
        .order_by("-received_on", "-pk")
    )
    tried = invoice.attempts.exclude(state=PaymentAttempt.State.SUCCEEDED)
    attempts = [
        {"attempt": attempt, "standing": standing.describe(attempt, at=timezone.now())}
        for attempt in tried.order_by("-created_at")[:SHOWN_ATTEMPTS]
    ]
    if payments or attempts:
        yield ClientPanel(
            template="billing/payments/panels/history.html",
            order=20,
            context={"payments": payments, "attempts": attempts},
            area="main",
        )


@hooks.register("nourx_invoices_being_paid")
def being_paid(invoice_ids: list[int]) -> Iterable[int]:
    """Say which invoices have a payment under way, on a page that is still open."""
    live = PaymentAttempt.objects.filter(
        invoice_id__in=invoice_ids,
        state=PaymentAttempt.State.PENDING,
        created_at__gt=timezone.now() - PAGE_LIFE,
    )
    return live.values_list("invoice_id", flat=True)
