"""Jobs of the support."""

from celery import shared_task
from django.utils import timezone

from portal.support.delays import remind_of_delays as remind
from portal.support.services import close_solved_tickets as close


@shared_task
def remind_of_delays(**_) -> None:
    """Remind of the tickets whose delay has nearly passed."""
    remind(at=timezone.now())


@shared_task
def close_solved_tickets(**_) -> None:
    """Close the tickets solved too long ago to be opened again."""
    close(at=timezone.now())
