"""Money given back, by hand at the provider or the bank, and written down once."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.services import withdraw_payment
from billing.payments.models import Allocation, Payment, Refund
from billing.payments.services.refusal import Refusal
from core.accounts.models import User
from core.audit.log import record
from core.live.publishing import tell
from core.money import format_amount


class CannotRefund(Refusal):
    """The refund cannot be written down."""


@transaction.atomic
def record_refund(
    *,
    payment: Payment,
    amount: int,
    reason: str,
    reference: str,
    refunded_on: date,
    actor: User,
    at: datetime,
    idempotency_key: str,
    credit_note: CreditNote | None = None,
) -> Refund:
    """Write down money given back, in whole units, never more than came in.

    It comes from the client's credit, then from the invoices paid. One key, one refund.

    :raises CannotRefund: if the amount is over what is left, or no reason is given.
    """
    invoices = _lock_invoices(payment)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if told := Refund.objects.filter(idempotency_key=idempotency_key).first():
        return told
    _require_refundable(payment, amount, reason)
    refund = Refund(
        client_id=payment.client_id,
        payment=payment,
        credit_note=credit_note,
        amount=amount,
        currency=payment.currency,
        reason=reason.strip()[:300],
        reference=reference.strip()[:100],
        refunded_on=refunded_on,
        idempotency_key=idempotency_key,
        **_by(actor, at),
    )
    if not _is_first(refund):
        return Refund.objects.get(idempotency_key=idempotency_key)
    _take_back(payment, invoices, amount, actor, at)
    record("payment_refunded", payment, actor=actor, amount=amount, reason=refund.reason)
    return refund


def _by(actor: User, at: datetime) -> dict[str, Any]:
    return {"recorded_by": actor, "recorded_at": at}


def _is_first(refund: Refund) -> bool:
    """Write the refund, unless the same one was written meanwhile."""
    try:
        with transaction.atomic():
            refund.save()
    except IntegrityError:
        return False
    return True


def refundable(payment: Payment) -> int:
    """Return how much of a payment has not been given back yet, in whole units."""
    given = payment.refunds.aggregate(given=Sum("amount"))["given"] or 0
    return payment.amount - given


def _require_refundable(payment: Payment, amount: int, reason: str) -> None:
    left = refundable(payment)
    if amount <= 0 or amount > left:
        raise CannotRefund(
            _("Un remboursement va de 1 à %(left)s.")
            % {"left": format_amount(left, payment.currency)}
        )
    if not reason.strip():
        raise CannotRefund(_("Dites pourquoi l’argent est rendu."))


def _lock_invoices(payment: Payment) -> dict[int, Invoice]:
    """Lock the invoices a payment pays, in the order of their ids."""
    ids = payment.allocations.values_list("invoice_id", flat=True).distinct()
    rows = Invoice.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk")
    return {invoice.pk: invoice for invoice in rows}


def _take_back(
    payment: Payment, invoices: dict[int, Invoice], amount: int, actor: User, at: datetime
) -> None:
    from_credit = min(amount, payment.amount_unallocated)
    payment.amount_unallocated -= from_credit
    payment.save(update_fields=["amount_unallocated"])
    left = amount - from_credit
    for invoice_id, money in _money_on_invoices(payment):
        taken = min(left, money)
        if taken > 0:
            _withdraw(payment, invoices[invoice_id], taken, taken == money, actor, at)
            left -= taken
    tell("payments", client_id=payment.client_id)


def _withdraw(
    payment: Payment, invoice: Invoice, money: int, is_all: bool, actor: User, at: datetime
) -> None:
    """Take money back from an invoice, and with the last of it what was written off for it."""
    if is_all:
        written_off = payment.allocations.filter(
            invoice=invoice, kind=Allocation.Kind.ROUNDING
        ).aggregate(sum=Sum("amount"))
        money += written_off["sum"] or 0
    withdraw_payment(invoice=invoice, amount=money, at=at, actor=actor, detail=_("Remboursement"))
    Allocation.objects.create(
        client_id=payment.client_id,
        payment=payment,
        invoice=invoice,
        kind=Allocation.Kind.RETURN,
        amount=-money,
        created_at=at,
    )


def _money_on_invoices(payment: Payment) -> list[tuple[int, int]]:
    """Return (invoice, money of this payment still on it), without what was written off."""
    rows = payment.allocations.exclude(kind=Allocation.Kind.ROUNDING).values("invoice_id")
    sums = rows.annotate(money=Sum("amount")).order_by("invoice_id")
    return list(sums.values_list("invoice_id", "money"))
