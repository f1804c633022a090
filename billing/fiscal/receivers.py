"""What certification hears of invoicing, inside the transaction of the act."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from billing.fiscal import services
from billing.invoicing import signals
from billing.invoicing.models import CreditNote, Invoice


@receiver(signals.invoice_issued, dispatch_uid="fiscal-invoice-issued")
def certify_invoice(sender: type, invoice: Invoice, at: datetime, **_: Any) -> None:
    services.ask_for_invoice(invoice=invoice, at=at)


@receiver(signals.invoice_credited, dispatch_uid="fiscal-invoice-credited")
def certify_credit(sender: type, credit_note: CreditNote, at: datetime, **_: Any) -> None:
    services.ask_for_credit(note=credit_note, at=at)
