"""What payments do when invoicing announces something. See docs/signals.md."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.invoicing.signals import invoice_overpaid
from billing.payments.models import Allocation, Payment
from billing.payments.services.credit import money_on, release_allocation


@receiver(invoice_overpaid, dispatch_uid="payments.free_surplus")
def free_surplus(*, invoice: Invoice, amount: int, at: datetime, actor: Any, **_sent: Any) -> None:
    """Put money that a corrected invoice no longer needs to the client's credit, newest first."""
    keys = Allocation.objects.filter(invoice=invoice).values("payment")
    rows = Payment.objects.select_for_update().filter(pk__in=keys)
    locked = list(rows.order_by("pk"))  # in the order everybody follows
    for payment in reversed(locked):
        here, rounded = money_on(payment, invoice.pk)
        taken = min(here, amount)
        if taken <= 0:
            continue
        release_allocation(
            payment=payment,
            invoice=invoice,
            amount=taken,
            reason=_("Avoir sur la facture %(number)s") % {"number": invoice.number},
            at=at,
            actor=actor,
        )
        amount -= taken + (rounded if taken == here else 0)
