"""Jobs of the support."""

from celery import shared_task
from django.utils import timezone

from portal.support.delays import remind_of_delays as remind


@shared_task
def remind_of_delays(**_) -> None:
    """Remind of the tickets whose delay has nearly passed."""
    remind(at=timezone.now())
