"""Jobs that do what is owed."""

from celery import shared_task
from django.utils import timezone

from core.outbox import services


@shared_task
def do_owed(*, work_id: int, **_) -> None:
    """Do one piece of owed work."""
    services.do(work_id, at=timezone.now())


@shared_task
def drain(**_) -> None:
    """Send every piece of work that is due to the workers: what a lost nudge left behind."""
    services.nudge_due(timezone.now())
