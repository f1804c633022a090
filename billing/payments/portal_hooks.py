"""What payments add to the client's space: the way to pay on an invoice, and what came in."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from wagtail import hooks

from billing.invoicing.models import Invoice
from billing.payments import offers, queries, standing
from billing.payments.models import Payment, PaymentAttempt, TransferDeclaration
from billing.payments.services.attempts import PAGE_LIFE
from billing.payments.services.declarations import HOLDS_FOR
from core.access.grants import may
from core.access.headers import lead_to_payment
from core.access.roles import Grant
from core.hooks import ClientPanel
from core.once import once

SHOWN_ATTEMPTS = 10


@hooks.register("nourx_invoice_marks")
def has_declarations() -> Iterator[tuple[str, Exists]]:
    rows = TransferDeclaration.objects.filter(invoice=OuterRef("pk"))
    yield "has_declarations", Exists(rows)


@hooks.register("nourx_invoice_panels")
def way_to_pay(request: HttpRequest, invoice: Invoice) -> Iterator[ClientPanel]:
    """Offer to pay what is due, to a person who may."""
    if invoice.amount_due <= 0 or not may(request.user, Grant.PAY_INVOICES, invoice.client_id):
        return
    lead_to_payment(request)
    attempts, at = _attempts(request, invoice), timezone.now()
    offer = offers.make_offer(invoice=invoice, user=request.user, at=at, attempts=attempts)
    money = _money(request, invoice)
    yield ClientPanel(
        template="billing/payments/panels/pay.html",
        order=10,
        context={
            "offer": offer,
            "form": offer.form(),
            "credit": sum(payment.amount_unallocated for payment in money),
        },
        area="aside",
    )


@hooks.register("nourx_invoice_panels")
def payments_of_invoice(request: HttpRequest, invoice: Invoice) -> Iterator[ClientPanel]:
    """Tell what was paid, with the receipts, and what was tried; say if a payment is under way."""
    at = timezone.now()
    tried = _attempts(request, invoice)
    attempts = [
        {"attempt": attempt, "standing": standing.describe(attempt, at=at)}
        for attempt in tried
        if attempt.state != PaymentAttempt.State.SUCCEEDED
    ]
    payments = [payment for payment in _money(request, invoice) if payment.is_here]
    declarations = queries.declarations_of(invoice) if _may_have_declared(invoice) else []
    if payments or attempts or declarations:
        yield ClientPanel(
            template="billing/payments/panels/history.html",
            order=20,
            context={
                "payments": payments,
                "attempts": attempts[:SHOWN_ATTEMPTS],
                "declarations": declarations,
                "is_being_paid": any(_is_open(attempt, at) for attempt in tried)
                or any(_is_awaited(declaration, at) for declaration in declarations),
            },
            area="main",
        )


def _may_have_declared(invoice: Invoice) -> bool:
    return getattr(invoice, "has_declarations", True)


def _attempts(request: HttpRequest, invoice: Invoice) -> list[PaymentAttempt]:
    return once(request, f"attempts-{invoice.pk}", lambda: offers.attempts_of(invoice))


def _money(request: HttpRequest, invoice: Invoice) -> list[Payment]:
    """Return what was paid on an invoice, and what may be: one read for both panels."""
    return once(request, f"money-{invoice.pk}", lambda: queries.money_around(invoice))


def _is_open(attempt: PaymentAttempt, at: datetime) -> bool:
    return attempt.state == PaymentAttempt.State.PENDING and attempt.created_at > at - PAGE_LIFE


def _is_awaited(declaration: TransferDeclaration, at: datetime) -> bool:
    is_pending = declaration.state == TransferDeclaration.State.PENDING
    return is_pending and declaration.declared_at > at - HOLDS_FOR


@hooks.register("nourx_invoices_being_paid")
def being_paid(invoice_ids: list[int]) -> Iterable[int]:
    """Say which invoices have a payment under way: a page still open, or one to be verified."""
    live = PaymentAttempt.objects.filter(
        invoice_id__in=invoice_ids,
        state=PaymentAttempt.State.PENDING,
        created_at__gt=timezone.now() - PAGE_LIFE,
    )
    told = TransferDeclaration.objects.filter(
        invoice_id__in=invoice_ids,
        state=TransferDeclaration.State.PENDING,
        declared_at__gt=timezone.now() - HOLDS_FOR,
    )
    return {*live.values_list("invoice_id", flat=True), *told.values_list("invoice_id", flat=True)}
