"""Jobs of certification: what is owed to the tax office, and what a worker left behind."""

from celery import shared_task
from django.utils import timezone

from billing.fiscal import services
from billing.fiscal.services.steps import TOPIC
from core import rls
from core.outbox.services import handles


@handles(TOPIC)
def certify(payload: dict) -> None:
    """Send one paper to be certified, if it still waits."""
    services.certify(certification_id=payload["certification_id"], clock=timezone.now)


@shared_task
def sweep(**_) -> None:
    """Find sendings that never ended, and owe again what still waits."""
    with rls.staff("fiscal: what workers left behind, at every client"):
        services.sweep(at=timezone.now())
