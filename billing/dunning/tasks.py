"""The job of the morning, and the letters that go with its mails."""

from celery import shared_task
from django.utils import timezone

from billing.dunning import services
from billing.dunning.models import DunningNotice
from billing.dunning.services.messages import LETTER_TOPIC
from core import rls
from core.outbox.services import handles


@shared_task
def remind_unpaid(**_) -> None:
    """Remind of the invoices that fall due or are late today."""
    with rls.staff("dunning: reads the unpaid invoices of every client"):
        services.send_reminders(on=timezone.localdate(), at=timezone.now())


@handles(LETTER_TOPIC, is_patient=True)
def send_letter(payload: dict) -> None:
    """Draw the letter of a reminder and owe its mail, once."""
    with rls.staff("dunning: the letter of a reminder, of its client alone"):
        notice = DunningNotice.objects.get(pk=payload["notice_id"])
        services.send_with_letter(notice=notice, at=timezone.now())
