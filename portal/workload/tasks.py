"""Jobs of the workload."""

from celery import shared_task
from django.utils import timezone

from portal.workload.services.forgotten import ask_of_forgotten
from portal.workload.services.recurring import make_tonight


@shared_task
def make_recurring_tasks(**_) -> None:
    """Make the tasks that come back today."""
    make_tonight(timezone.now())


@shared_task
def ask_of_timers(**_) -> None:
    """Ask of the timers that run for too long."""
    ask_of_forgotten(at=timezone.now())
