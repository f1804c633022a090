"""Money given back, written down once; and money that never really came."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.services import withdraw_payment
from billing.payments import signals
from billing.payments.models import Allocation, Payment, Refund, RefundOrder
from billing.payments.services.corrections import correct_by_credit_note
from billing.payments.services.credit import money_on
from billing.payments.services.notices import announce_refunded, announce_reversed
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
    actor: User | None,
    at: datetime,
    idempotency_key: str,
    credit_note: CreditNote | None = None,
    with_credit_note: bool = False,
    kind: str = Refund.Kind.REFUND,
    order: RefundOrder | None = None,
) -> Refund:
    """Write down money given back, in whole units, never more than came in.

    It comes from the client's credit, then from the invoices paid. One key, one refund. With
    `with_credit_note` what leaves an invoice is credited on it, so that it is not due again;
    `credit_note` links to one that exists. The client is told.

    :raises CannotRefund: if the amount is over what is left, the day is to come, no reason is
        given, or the credit note is of another client.
    """
    payment, invoices = _lock(payment)
    if told := Refund.objects.filter(idempotency_key=idempotency_key).first():
        return told
    _require_refundable(payment, amount, reason, order)
    _require_day_and_note(payment, refunded_on, credit_note, at)
    taken = _take_back(payment, invoices, amount, reason.strip(), actor, at)
    if with_credit_note and credit_note is None:
        credit_note = correct_by_credit_note(taken, reason=reason.strip(), at=at, actor=actor)
    refund = _new_refund(payment, amount, reason, reference, refunded_on)
    refund.credit_note, refund.kind, refund.idempotency_key = credit_note, kind, idempotency_key
    refund.recorded_by, refund.recorded_at = actor, at
    refund.save()
    _tell(refund, actor)
    return refund


def _new_refund(
    payment: Payment, amount: int, reason: str, reference: str, refunded_on: date
) -> Refund:
    """Make the row of what was given back; the caller says by whom, when and why it may be."""
    return Refund(
        client_id=payment.client_id,
        payment=payment,
        amount=amount,
        currency=payment.currency,
        reason=reason.strip()[:300],
        reference=reference.strip()[:100],
        refunded_on=refunded_on,
    )


def _tell(refund: Refund, actor: User | None) -> None:
    """Write a refund or a reversal in the log, and tell the client."""
    payment, is_refund = refund.payment, refund.kind == Refund.Kind.REFUND
    act = "payment_refunded" if is_refund else "payment_reversed"
    record(act, payment, actor=actor, amount=refund.amount, reason=refund.reason)
    (announce_refunded if is_refund else announce_reversed)(refund)
    tell("payments", client_id=payment.client_id)
    signals.money_returned.send(sender=Refund, refund=refund, at=refund.recorded_at, actor=actor)


@transaction.atomic
def reverse_payment(
    *, payment: Payment, reason: str, on: date, actor: User, at: datetime
) -> Refund:
    """Undo all that is left of a payment that never really came: its invoices are due again.

    Done twice it is done once.

    :raises CannotRefund: if nothing is left of it, the day is to come, or no reason is given.
    """
    key = f"reversal:{payment.pk}"
    payment, _invoices = _lock(payment)
    if told := Refund.objects.filter(idempotency_key=key).first():
        return told
    return record_refund(
        payment=payment,
        amount=refundable(payment),
        reason=reason,
        reference="",
        refunded_on=on,
        actor=actor,
        at=at,
        idempotency_key=key,
        kind=Refund.Kind.REVERSAL,
    )


CHEQUE_MOVES = {
    Payment.Cheque.RECEIVED: (
        Payment.Cheque.DEPOSITED,
        Payment.Cheque.CASHED,
        Payment.Cheque.BOUNCED,
    ),
    Payment.Cheque.DEPOSITED: (Payment.Cheque.CASHED, Payment.Cheque.BOUNCED),
    Payment.Cheque.CASHED: (Payment.Cheque.BOUNCED,),
}


@transaction.atomic
def move_cheque(
    *, payment: Payment, state: str, on: date, actor: User, at: datetime, reason: str = ""
) -> Payment:
    """Say where a cheque stands: at the bank, cashed, or bounced, which undoes the payment.

    :raises CannotRefund: if it is no cheque, cannot go there, or bounced without a reason.
    """
    payment, _invoices = _lock(payment)
    before = payment.cheque_state
    if state == before:
        return payment
    if state not in (CHEQUE_MOVES.get(Payment.Cheque(before), ()) if before else ()):
        raise CannotRefund(_("Ce chèque ne peut pas passer à cet état."))
    if on < payment.received_on or on > at.date():
        raise CannotRefund(_("La date va de la réception du chèque à aujourd’hui."))
    payment.cheque_state, payment.cheque_on = state, on
    payment.save(update_fields=["cheque_state", "cheque_on"])
    changes = {"cheque_state": [before, state]}
    record("cheque_moved", payment, actor=actor, changes=changes, on=on.isoformat())
    if state == Payment.Cheque.BOUNCED and refundable(payment):
        reverse_payment(payment=payment, reason=reason, on=on, actor=actor, at=at)
    return payment


def refundable(payment: Payment) -> int:
    """Return how much of a payment has not been given back yet, in whole units."""
    given = payment.refunds.aggregate(given=Sum("amount"))["given"] or 0
    return payment.amount - given


def held_by_orders(payment: Payment, order: RefundOrder | None = None) -> int:
    """Return what open orders of refund hold of a payment, but for one, in whole units."""
    rows = payment.refund_orders.filter(state__in=RefundOrder.OPEN)
    if order is not None:
        rows = rows.exclude(pk=order.pk)
    return rows.aggregate(held=Sum("amount"))["held"] or 0


def _require_refundable(
    payment: Payment, amount: int, reason: str, order: RefundOrder | None
) -> None:
    left = refundable(payment) - held_by_orders(payment, order)
    if left <= 0:
        raise CannotRefund(_("Rien ne reste à rendre de ce paiement."))
    if amount <= 0 or amount > left:
        raise CannotRefund(
            _("Un remboursement va de 1 à %(left)s.")
            % {"left": format_amount(left, payment.currency)}
        )
    if not reason.strip():
        raise CannotRefund(_("Dites pourquoi l’argent est rendu."))


def _require_day_and_note(
    payment: Payment, on: date, note: CreditNote | None, at: datetime
) -> None:
    if on > at.date():
        raise CannotRefund(_("La date est dans le futur."))
    if note is not None and note.client_id != payment.client_id:
        raise CannotRefund(_("Cet avoir est celui d’un autre client."))


def _lock(payment: Payment) -> tuple[Payment, dict[int, Invoice]]:
    """Lock the invoices a payment pays, in the order of their ids, then the payment.

    :raises CannotRefund: if its money was put on another invoice in between.
    """
    ids = set(payment.allocations.values_list("invoice_id", flat=True))
    rows = Invoice.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    invoices = {invoice.pk: invoice for invoice in rows}
    locked = Payment.objects.select_for_update().get(pk=payment.pk)
    if not set(locked.allocations.values_list("invoice_id", flat=True)) <= ids:
        raise CannotRefund(_("Ce paiement vient d’être affecté : recommencez."))
    return locked, invoices


def _take_back(
    payment: Payment,
    invoices: dict[int, Invoice],
    amount: int,
    reason: str,
    actor: User | None,
    at: datetime,
) -> list[tuple[Invoice, int]]:
    """Take money from the credit, then from invoices; return what left which invoice."""
    from_credit = min(amount, payment.amount_unallocated)
    payment.amount_unallocated -= from_credit
    payment.save(update_fields=["amount_unallocated"])
    left, gone = amount - from_credit, []
    for invoice in invoices.values():
        money, rounded = money_on(payment, invoice.pk)
        taken = min(left, money)
        if taken > 0:
            rounded = rounded if taken == money else 0
            _withdraw(payment, invoice, taken, rounded, reason, actor, at)
            gone.append((invoice, taken + rounded))
            left -= taken
    return gone


def _withdraw(
    payment: Payment,
    invoice: Invoice,
    money: int,
    rounded: int,
    reason: str,
    actor: User | None,
    at: datetime,
) -> None:
    """Take money back from an invoice, and with the last of it what was written off for it."""
    detail = _("Remboursement")
    withdraw_payment(invoice=invoice, amount=money + rounded, at=at, actor=actor, detail=detail)
    parts = ((Allocation.Kind.RETURN, money), (Allocation.Kind.UNROUNDING, rounded))
    for kind, part in parts:
        if part:
            Allocation.objects.create(
                client_id=payment.client_id,
                payment=payment,
                invoice=invoice,
                kind=kind,
                amount=-part,
                reason=reason[:300],
                created_at=at,
            )
