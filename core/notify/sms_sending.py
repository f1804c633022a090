"""Owing short texts to telephones, and sending those that leave by themselves.

A text is written in the transaction of the act and leaves after it, once. A WhatsApp message has
no gateway: a person opens it, ready to be sent, and that click says that it was.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from core import rls
from core.audit.log import record
from core.notify import sms
from core.notify.mail import short_key
from core.notify.models import OutgoingText, TextRefusal
from core.notify.sms_text import parts, plain
from core.outbox.services import owe

TOPIC = "sms"
State = OutgoingText.State


class NotToSend(Exception):
    """The text has left, or is withheld for good."""


def owe_text(
    *, channel: str, key: str, phone: str, text: str, client_id: int | None
) -> OutgoingText | None:
    """Owe one text under a unique key. None: no number, one that refuses, or owed already.

    An SMS is written in plain letters and sent by the worker; a WhatsApp message waits for a
    person. SMS are owed only when a gateway is set.
    """
    number = sms.international(phone)
    is_sms = channel == OutgoingText.Channel.SMS
    if not number or (is_sms and (sms.gateway() is None or refuses(number))):
        return None
    words = plain(text) if is_sms else text
    with rls.staff("notify: texts are the team's, whoever acts"):
        owed, is_new = OutgoingText.objects.get_or_create(
            key=short_key(key),
            defaults={
                "channel": channel,
                "client_id": client_id,
                "phone": number,
                "text": words,
                "segments": parts(words) if is_sms else 1,
            },
        )
    if not is_new:
        return None
    if is_sms:
        owe(TOPIC, key=f"sms:{owed.key}"[:200], payload={"text_id": owed.pk}, client_id=None)
    return owed


def refuses(number: str) -> bool:
    """Tell whether a number wants no SMS of ours."""
    return TextRefusal.objects.filter(phone=number).exists()


def deliver_sms(*, text_id: int, at: datetime) -> bool:
    """Send one SMS unless it has left already. Tell whether it left now.

    The row is held while the gateway answers, so that two workers never send it twice.

    :raises sms.SmsFailed: if the gateway does not take it for now; the outbox tries again.
    """
    with rls.staff("notify: sends what is owed"):
        try:
            with transaction.atomic():
                return _deliver_once(text_id, at)
        except sms.SmsFailed as error:
            OutgoingText.objects.filter(pk=text_id).exclude(state=State.SENT).update(
                state=State.FAILED, last_error=str(error)[:300]
            )
            raise


def _deliver_once(text_id: int, at: datetime) -> bool:
    owed = OutgoingText.objects.select_for_update().get(pk=text_id)
    gateway = sms.gateway()
    if owed.state in (State.SENT, State.VOID):
        return False
    if gateway is None or refuses(owed.phone):
        owed.state, owed.last_error = State.VOID, "off" if gateway is None else "refused"
    else:
        try:
            owed.reference = gateway.send(phone=owed.phone, text=owed.text)[:200]
        except sms.SmsRefused as error:
            owed.state, owed.last_error = State.VOID, str(error)[:300]
        else:
            owed.state, owed.sent_at, owed.last_error = State.SENT, at, ""
    owed.save(update_fields=["state", "sent_at", "reference", "last_error"])
    return owed.state == State.SENT


@transaction.atomic
def mark_text_sent(*, text: OutgoingText, actor: Any, at: datetime) -> OutgoingText:
    """Note that a person sent a WhatsApp message by hand; only the first time counts.

    :raises NotToSend: if it is an SMS, or is withheld.
    """
    owed = OutgoingText.objects.select_for_update().get(pk=text.pk)
    if owed.channel != OutgoingText.Channel.WHATSAPP or owed.state == State.VOID:
        raise NotToSend(owed.pk)
    if owed.state != State.SENT:
        owed.state, owed.sent_at, owed.sent_by = State.SENT, at, actor
        owed.save(update_fields=["state", "sent_at", "sent_by"])
        record("text_sent_by_hand", owed, actor=actor)
    return owed
