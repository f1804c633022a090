"""Money on an invoice, as payments report it: paid, given back, settled.

The rows of payments are theirs; here are only the sums that an invoice keeps beside them.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing import signals
from billing.invoicing.models import Invoice, InvoiceEvent
from billing.invoicing.services.invoices import add_event, locked_invoice
from billing.invoicing.services.refusal import Refused
from core.audit.log import record

Kind = InvoiceEvent.Kind


class CannotWithdraw(Refused):
    """More would be taken back than was paid."""


@transaction.atomic
def apply_payment(
    *, invoice: Invoice, amount: int, at: datetime, actor: Any = None, detail: str = ""
) -> int:
    """Count money towards an invoice, never above what is due; return how much was taken.

    `amount` is in whole units of the invoice’s currency. 0 is returned when nothing is due: a
    draft, a cancelled or a settled invoice. The last franc settles the invoice and says so by
    `invoice_settled`. The caller keeps the payment and the part of it that was taken; the
    invoice it gave is brought up to date.

    :raises ValueError: if the amount is not positive.
    """
    if amount <= 0:
        raise ValueError("a payment is positive")
    given, invoice = invoice, locked_invoice(invoice)
    before, taken = invoice.amount_paid, min(amount, invoice.amount_due)
    if taken <= 0:
        return 0
    invoice.amount_paid += taken
    is_settled = invoice.amount_due == 0
    if is_settled:
        invoice.settled_at = at
    invoice.save(update_fields=["amount_paid", "settled_at", "updated_at"])
    add_event(invoice, Kind.PAYMENT, at=at, actor=actor, detail=detail, amount=taken)
    changes = {"amount_paid": [before, invoice.amount_paid]}
    record("invoice_payment", invoice, actor=actor, changes=changes, amount=taken)
    _bring_up_to_date(given, invoice)
    if is_settled:
        add_event(invoice, Kind.SETTLED, at=at, actor=actor)
        signals.invoice_settled.send(sender=Invoice, invoice=invoice, at=at)
    return taken


@transaction.atomic
def withdraw_payment(
    *, invoice: Invoice, amount: int, at: datetime, actor: Any = None, detail: str = ""
) -> None:
    """Take back money counted towards an invoice: a refund, or a payment that bounced.

    What was taken back is due again, until a credit note covers it. `amount` is in whole units
    of the invoice’s currency.

    :raises CannotWithdraw: if it is not positive, or above what was paid.
    """
    given, invoice = invoice, locked_invoice(invoice)
    if not 0 < amount <= invoice.amount_paid:
        raise CannotWithdraw(_("Ce montant dépasse ce qui a été payé sur la facture."))
    before = invoice.amount_paid
    invoice.amount_paid -= amount
    invoice.settled_at = None
    invoice.save(update_fields=["amount_paid", "settled_at", "updated_at"])
    add_event(invoice, Kind.REFUNDED, at=at, actor=actor, detail=detail, amount=amount)
    changes = {"amount_paid": [before, invoice.amount_paid]}
    record("invoice_refunded", invoice, actor=actor, changes=changes, amount=amount)
    _bring_up_to_date(given, invoice)


def _bring_up_to_date(given: Invoice, fresh: Invoice) -> None:
    for name in ("amount_paid", "amount_credited", "amount_adjusted", "settled_at", "status"):
        setattr(given, name, getattr(fresh, name))
