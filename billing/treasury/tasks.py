"""Jobs of the treasury."""

from celery import shared_task
from django.utils import timezone

from billing.treasury import services
from core import rls


@shared_task
def fill_settlements(**_) -> None:
    """Settle, from the table of fees, payments whose provider said nothing of its fee."""
    with rls.staff("treasury: settlements of every client"):
        services.fill_missing_settlements(at=timezone.now())
