"""Delivers owed mail and messages to devices; sends digests; runs the rules of the team."""

from celery import shared_task
from django.utils import timezone

from core.notify import digests, push, services, sms_sending
from core.notify.mail import TOPIC
from core.notify.rules import engine
from core.outbox.services import handles


@handles(TOPIC)
def deliver_mail(payload: dict) -> None:
    """Send one owed mail, once."""
    services.deliver(mail_id=payload["mail_id"], at=timezone.now())


@handles(push.TOPIC)
def push_notice(payload: dict) -> None:
    """Send one owed message to a device."""
    push.send_push(payload, at=timezone.now())


@handles(sms_sending.TOPIC)
def deliver_sms(payload: dict) -> None:
    """Send one owed SMS, once."""
    sms_sending.deliver_sms(text_id=payload["text_id"], at=timezone.now())


@shared_task
def send_digests(**_) -> None:
    """Send the digests that are due."""
    digests.send_due_digests(at=timezone.now())


@shared_task
def run_rules(**_) -> None:
    """Tell what the rules of the team have to tell now."""
    engine.run_rules(at=timezone.now())
