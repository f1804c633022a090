"""What the treasury does when payments announce something."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from billing.payments.models import Payment
from billing.payments.providers.base import Snapshot
from billing.payments.signals import provider_told
from billing.treasury.services import settle_payment


@receiver(provider_told, dispatch_uid="treasury.settle")
def settle(*, payment: Payment, snapshot: Snapshot, at: datetime, **_sent: Any) -> None:
    """Keep the fee and the day of a payment that a provider settled."""
    settle_payment(payment=payment, snapshot=snapshot, at=at)
