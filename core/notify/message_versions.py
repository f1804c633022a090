"""Versions of the team’s words: kept at each save, compared, taken back."""

import difflib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core.audit.log import record
from core.notify.models import MessageTemplate, MessageVersion

MOST_SHOWN = 50


@dataclass(frozen=True)
class Line:
    """A line of two texts side by side: `sign` is « + » (now), « − » (before) or nothing."""

    sign: str
    text: str


def versions_of(message: MessageTemplate) -> QuerySet[MessageVersion]:
    """Return the versions of a template, newest first."""
    rows = MessageVersion.objects.filter(message=message).select_related("saved_by")
    return rows.order_by("-number")[:MOST_SHOWN]


@transaction.atomic
def note_version(*, message: MessageTemplate, actor: Any, at: datetime) -> MessageVersion | None:
    """Keep the words of a template as they are now; None when nothing of them changed."""
    MessageTemplate.objects.select_for_update().get(pk=message.pk)
    last = MessageVersion.objects.filter(message=message).order_by("-number").first()
    if last is not None and (last.subject, last.body) == (message.subject, message.body):
        return None
    return MessageVersion.objects.create(
        message=message,
        number=last.number + 1 if last else 1,
        subject=message.subject,
        body=message.body,
        saved_at=at,
        saved_by=actor,
    )


@transaction.atomic
def restore_version(*, message: MessageTemplate, number: int, actor: Any, at: datetime) -> None:
    """Give a template the words of a former version, as a version of its own.

    :raises MessageVersion.DoesNotExist: if there is no such version.
    """
    locked = MessageTemplate.objects.select_for_update().get(pk=message.pk)
    chosen = MessageVersion.objects.get(message=locked, number=number)
    locked.subject, locked.body = chosen.subject, chosen.body
    locked.version += 1
    locked.save(update_fields=["subject", "body", "version"])
    note_version(message=locked, actor=actor, at=at)
    record("message_restored", locked, actor=actor, number=number)


def differences(former: MessageVersion, message: MessageTemplate) -> list[Line]:
    """Compare a version with the words of now, line by line."""
    before = [former.subject, *former.body.splitlines()]
    after = [message.subject, *message.body.splitlines()]
    signs = {"+": "+", "-": "−", " ": ""}
    return [
        Line(signs[line[0]], line[2:]) for line in difflib.ndiff(before, after) if line[0] in signs
    ]
