"""Using what a client has paid ahead: money to their credit, put on an invoice that is due."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.invoicing.services import apply_payment
from billing.payments.models import Allocation, Payment, PaymentAttempt
from billing.payments.services.attempts import PAGE_LIFE, STARTING
from billing.payments.services.refusal import Refusal
from core.accounts.models import User
from core.audit.log import record
from core.live.publishing import tell


class CannotUseCredit(Refusal):
    """There is no credit, nothing is due, or a payment of the invoice is under way."""


@transaction.atomic
def use_credit(*, invoice: Invoice, at: datetime, actor: User) -> int:
    """Put a client's credit on an invoice, as far as both go; return how much, in whole units.

    The oldest money first, in the invoice's own currency and company. No money comes in, so no
    receipt is made. Locks the invoice, then the payments, as everybody does.

    :raises CannotUseCredit: if there is none, nothing is due, or the invoice is being paid.
    """
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if invoice.amount_due <= 0:
        raise CannotUseCredit(_("Il n’y a rien à payer sur cette facture."))
    if _is_being_paid(invoice, at):
        raise CannotUseCredit(_("Un paiement en ligne est en cours sur cette facture."))
    used = sum(_move(payment, invoice, at, actor) for payment in _credits(invoice))
    if not used:
        raise CannotUseCredit(_("Ce client n’a pas d’avoir disponible dans cette devise."))
    record("credit_used", invoice, actor=actor, amount=used)
    tell("payments", client_id=invoice.client_id)
    return used


def _credits(invoice: Invoice) -> list[Payment]:
    rows = Payment.objects.select_for_update().filter(
        client_id=invoice.client_id,
        company_id=invoice.company_id,
        currency=invoice.currency,
        amount_unallocated__gt=0,
    )
    return list(rows.order_by("pk"))


def _move(payment: Payment, invoice: Invoice, at: datetime, actor: User) -> int:
    """Move what one payment has left to the invoice, as far as it is due."""
    amount = min(payment.amount_unallocated, invoice.amount_due)
    if amount <= 0:
        return 0
    detail = _("Avoir disponible")
    apply_payment(invoice=invoice, amount=amount, at=at, actor=actor, detail=detail)
    payment.amount_unallocated -= amount
    payment.save(update_fields=["amount_unallocated"])
    Allocation.objects.create(
        client_id=payment.client_id,
        payment=payment,
        invoice=invoice,
        kind=Allocation.Kind.CREDIT,
        amount=amount,
        created_at=at,
    )
    return amount


def _is_being_paid(invoice: Invoice, at: datetime) -> bool:
    """Tell whether somebody may be paying the invoice: their page is open, or about to be."""
    state = PaymentAttempt.State
    is_open = Q(state=state.PENDING, created_at__gt=at - PAGE_LIFE)
    is_starting = Q(state=state.CREATED, created_at__gt=at - STARTING)
    return invoice.attempts.filter(is_open | is_starting).exists()
