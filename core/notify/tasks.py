"""Delivers owed mail."""

from django.utils import timezone

from core.notify import services
from core.notify.mail import TOPIC
from core.outbox.services import handles


@handles(TOPIC)
def deliver_mail(payload: dict) -> None:
    """Send one owed mail, once."""
    services.deliver(mail_id=payload["mail_id"], at=timezone.now())
