"""The job of the morning for quotes."""

from celery import shared_task
from django.utils import timezone

from billing.invoicing.services.following import remind_expiring
from core import rls


@shared_task
def remind_of_quotes(**_) -> None:
    """Remind of the quotes that expire soon without an answer, and tell the team."""
    with rls.staff("quoting: reads the open quotes of every client"):
        for _quote in remind_expiring(on=timezone.localdate(), at=timezone.now()):
            pass
