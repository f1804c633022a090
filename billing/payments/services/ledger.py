"""Writing money down: a payment, what it pays, and its numbered receipt. All or nothing.

Callers hold the locks of the invoices and run inside a transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, NumberSeries
from billing.invoicing.numbering import next_number
from billing.invoicing.services import apply_payment
from billing.payments import signals
from billing.payments.models import Allocation, Payment, Receipt
from billing.payments.services.notices import announce_received, tell_team_received
from core.accounts.models import User
from core.audit.log import record
from core.live.publishing import tell
from core.outbox.services import owe

RECEIPT_TOPIC = "payments.receipt"
WRITTEN_OFF_BELOW = 5  # francs; the step of Mobile Money


class RecordedAlready(Exception):
    """This money was written down before: same attempt, same operator reference, same key."""


@dataclass(frozen=True)
class Share:
    """What a payment gives to an invoice, in whole units of its currency."""

    invoice: Invoice
    amount: int


@dataclass(frozen=True)
class Credited:
    """A payment written down, and how much of it went to invoices."""

    payment: Payment
    receipt: Receipt
    allocated: int


def write_payment(
    *,
    payment: Payment,
    invoice: Invoice | None,
    at: datetime,
    actor: User | None = None,
    shares: Sequence[Share] | None = None,
) -> Credited:
    """Keep money received, pay invoices with it, and number its receipt.

    `shares` says what goes to which invoice; without it, all that `invoice` needs. What no
    invoice takes stays to the client's credit.

    :raises RecordedAlready: if this money was written down before; nothing is changed then.
    """
    if shares is None:
        due = invoice.amount_due if invoice is not None else 0
        shares = [Share(invoice, min(payment.amount, due))] if invoice and due > 0 else []
    allocated = sum(share.amount for share in shares)
    payment.amount_unallocated = payment.amount - allocated
    try:
        with transaction.atomic():
            payment.save(force_insert=True)
    except IntegrityError as error:
        raise RecordedAlready(payment.provider_reference) from error
    for share in shares:
        _allocate(payment, share.invoice, share.amount, at, actor)
    paid = [share.invoice for share in shares] or ([invoice] if invoice is not None else [])
    receipt = _number_receipt(payment, sum(each.amount_due for each in paid))
    record("payment_recorded", payment, actor=actor, amount=payment.amount, receipt=receipt.number)
    _tell(payment, paid[0] if paid else None, actor)
    signals.money_received.send(sender=Payment, payment=payment, at=at, actor=actor)
    return Credited(payment, receipt, allocated)


def _tell(payment: Payment, invoice: Invoice | None, actor: User | None) -> None:
    """Owe the receipt, and tell the client and the team that money came."""
    owe(
        RECEIPT_TOPIC,
        key=f"receipt:{payment.pk}",
        payload={"payment_id": payment.pk},
        client_id=payment.client_id,
    )
    announce_received(payment, invoice)
    if invoice is not None:
        tell_team_received(payment, invoice, actor)
    tell("payments", client_id=payment.client_id)


def _allocate(
    payment: Payment, invoice: Invoice, amount: int, at: datetime, actor: User | None
) -> None:
    detail = payment.channel or payment.get_method_display()
    apply_payment(invoice=invoice, amount=amount, at=at, actor=actor, detail=detail)
    _write(payment, invoice, Allocation.Kind.PAYMENT, amount, at)
    invoice.refresh_from_db(fields=["amount_paid", "settled_at"])
    left = invoice.amount_payable_now  # what is withheld is never a rounding
    if payment.provider and 0 < left < WRITTEN_OFF_BELOW:
        rounding = _("Arrondi en votre faveur")
        apply_payment(invoice=invoice, amount=left, at=at, actor=actor, detail=rounding)
        _write(payment, invoice, Allocation.Kind.ROUNDING, left, at)
        invoice.refresh_from_db(fields=["amount_paid", "settled_at"])


def _write(payment: Payment, invoice: Invoice, kind: str, amount: int, at: datetime) -> None:
    Allocation.objects.create(
        client_id=payment.client_id,
        payment=payment,
        invoice=invoice,
        kind=kind,
        amount=amount,
        created_at=at,
    )


def _number_receipt(payment: Payment, balance_left: int) -> Receipt:
    """Number the receipt; the counter is locked last, so that others wait as little as can be."""
    on: date = payment.recorded_at.date()
    return Receipt.objects.create(
        company_id=payment.company_id,
        client_id=payment.client_id,
        payment=payment,
        number=next_number(company=payment.company, prefix=NumberSeries.Prefix.RECEIPT, on=on),
        issue_date=on,
        balance_left=balance_left,
    )
