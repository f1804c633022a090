"""Jobs of the support."""

from celery import shared_task
from django.utils import timezone

from portal.support import recomputing  # noqa: F401  the worker does its owed work
from portal.support.services import close_solved_tickets as close
from portal.support.watch import watch_delays


@shared_task
def remind_of_delays(**_) -> None:
    """Tell the team of the delays that near their end or have passed."""
    watch_delays(at=timezone.now())


@shared_task
def close_solved_tickets(**_) -> None:
    """Close the tickets solved too long ago to be opened again."""
    close(at=timezone.now())
