"""Digests: what a person was not told at once, in one mail a day or a week."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import translation

from core import rls
from core.notify.events import events, label_of
from core.notify.mail import Letter, owe_letters
from core.notify.models import DigestEntry, Notification, OutgoingMail
from core.notify.wishes import DIGEST, Channel, Frequency, switched_off, timing_of

TEMPLATE = "notify/digest"
MOST_LINES = 40
KEPT_FOR = timedelta(days=60)


def send_due_digests(*, at: datetime) -> int:
    """Owe one mail to each person whose digest is due, however late; return how many.

    Running twice sends nothing twice: the lines of a mail leave with it, in its transaction.
    """
    with rls.staff("notify: the job reads what waits for digests"):
        due = DigestEntry.objects.filter(left_at=None, due_at__lte=at)
        user_ids = list(due.order_by("user_id").values_list("user_id", flat=True).distinct())
        DigestEntry.objects.filter(left_at__lt=at - KEPT_FOR).delete()
        return sum(send_digest(user_id=user_id, at=at) for user_id in user_ids)


@transaction.atomic
def send_digest(*, user_id: int, at: datetime) -> bool:
    """Owe the digest of a person, if anything is left to tell; tell whether a mail is owed.

    Left out: what was read meanwhile, what the person may not read any more, and the events
    whose mail they switched off since.
    """
    with rls.staff("notify: the job reads what waits for digests"):
        rows = DigestEntry.objects.select_for_update(of=("self",)).filter(
            user=user_id, left_at=None, due_at__lte=at
        )
        lines = list(rows.select_related("client").order_by("created_at", "pk"))
        DigestEntry.objects.filter(pk__in=[line.pk for line in lines]).update(left_at=at)
        person = get_user_model().objects.filter(pk=user_id, is_active=True).first()
        left = _still_news(person, lines) if person else []
        if not left:
            return False
        key = f"digest:{user_id}:{left[-1].pk}"
        letter = Letter(key=key, person=person, context=_context(person, left), event=DIGEST)
        owe_letters(TEMPLATE, [letter])
    return True


def forget_waiting(*, user_id: int, client_id: int) -> None:
    """Let go of what waits to be told to a person by mail: their rights at this client changed.

    A line names no project. What they may still read, they find in the portal.
    """
    state = OutgoingMail.State
    with rls.staff("notify: what waits for a person, whoever changes their rights"):
        DigestEntry.objects.filter(user=user_id, client=client_id, left_at=None).delete()
        mails = OutgoingMail.objects.filter(person=user_id, client=client_id, waits=True)
        mails.filter(state=state.OWED).update(state=state.VOID)


def _still_news(person: Any, lines: list[DigestEntry]) -> list[DigestEntry]:
    keys = [line.key for line in lines]
    opened = Notification.objects.filter(user=person, key__in=keys, read_at__isnull=False)
    read = set(opened.values_list("key", flat=True))
    off = {event for event, channel in switched_off(person) if channel == Channel.EMAIL}
    if timing_of(person).frequency == Frequency.NEVER:
        off |= {line.event for line in lines}
    return [
        line
        for line in lines
        if line.key not in read and line.event not in off and _may_be_told(person, line)
    ]


def _may_be_told(person: Any, line: DigestEntry) -> bool:
    event = events().get(line.event)
    return event is not None and event.concerns(person, line.client_id)


def _context(person: Any, lines: list[DigestEntry]) -> dict[str, Any]:
    with translation.override(person.language):
        groups = _by_group(lines[:MOST_LINES])
    return {
        "groups": groups,
        "count": len(lines),
        "more": max(0, len(lines) - MOST_LINES),
        "first": lines[0].text,
        "url": settings.BASE_URL + "/client/notifications/",
    }


def _by_group(lines: Sequence[DigestEntry]) -> list[dict[str, Any]]:
    several = len({line.client_id for line in lines}) > 1
    groups: dict[str, list[dict[str, str]]] = {}
    for line in lines:
        event = events().get(line.event)
        group = str(event.group) if event else label_of(line.event)
        groups.setdefault(group, []).append(
            {
                "text": line.text,
                "detail": line.detail,
                "client": str(line.client) if several else "",
                "url": settings.BASE_URL + line.url,
            }
        )
    return [{"label": label, "lines": found} for label, found in groups.items()]
