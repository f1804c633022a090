"""Jobs of payments: the inbox, the sweep, a check somebody waits for, and receipts."""

import logging

from celery import shared_task
from django.utils import timezone

from billing.payments import services
from billing.payments.models import AttemptEvent
from billing.payments.providers.base import GatewayError
from billing.payments.services.checking import TooSoon
from billing.payments.services.ledger import RECEIPT_TOPIC
from core import rls
from core.outbox.services import handles

logger = logging.getLogger(__name__)


@shared_task
def drain_inbox(**_) -> None:
    """Look at what providers have told us."""
    services.work_inbox(at=timezone.now())


@shared_task
def sweep_payments(**_) -> None:
    """Ask about the attempts whose time has come."""
    services.sweep_payments(at=timezone.now())


@shared_task
def watch_payments(**_) -> None:
    """Tell the team when payments fail, and find refunds whose answer was lost."""
    services.watch_failures(at=timezone.now())
    with rls.staff("payments: refunds of every client"):
        services.find_lost_orders(at=timezone.now())


@shared_task
def check_attempt(*, attempt_id: int, **_) -> None:
    """Ask about one attempt, for a client who waits. The sweep asks again if nobody answers."""
    source = AttemptEvent.Source.RETURN
    try:
        services.check_attempt(attempt_id=attempt_id, source=source, at=timezone.now())
    except TooSoon:
        return
    except GatewayError as error:
        logger.warning("No answer about attempt %s: %s", attempt_id, error)


@handles(RECEIPT_TOPIC)
def send_receipt(payload: dict) -> None:
    """Draw and mail the receipt of a payment."""
    services.send_receipt(payment_id=payload["payment_id"])
