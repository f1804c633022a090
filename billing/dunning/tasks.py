"""The job of the morning."""

from celery import shared_task
from django.utils import timezone

from billing.dunning import services
from core import rls


@shared_task
def remind_unpaid(**_) -> None:
    """Remind of the invoices that fall due or are late today."""
    with rls.staff("dunning: reads the unpaid invoices of every client"):
        services.send_reminders(on=timezone.localdate(), at=timezone.now())
