"""Jobs of the mail that comes in."""

from celery import shared_task
from django.utils import timezone

from core.outbox.services import handles
from portal.inbox import polling, services, treating
from portal.inbox.receiving import TOPIC


@handles(TOPIC)
def treat_mail(payload: dict) -> None:
    """Treat one message that came, once."""
    treating.treat(mail_id=payload["mail_id"], at=timezone.now())


@shared_task
def poll_mailboxes(**_) -> None:
    """Read the mailboxes."""
    polling.poll_all(at=timezone.now())


@shared_task
def remove_old_raws(**_) -> None:
    """Remove the bytes of old messages."""
    services.remove_old_raws(at=timezone.now())
