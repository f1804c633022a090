"""Says that the worker and its schedule run, and forgets what is too old to matter."""

from celery import shared_task
from django.utils import timezone

from core.access import health
from core.access.submissions import forget_old_submissions


@shared_task
def heartbeat(**_) -> None:
    """Leave a mark that `/readyz` looks for."""
    health.beat(timezone.now())


@shared_task
def forget_submissions(**_) -> None:
    """Forget the keys of forms that no browser will send again."""
    forget_old_submissions(at=timezone.now())
