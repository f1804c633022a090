"""What the team may be told of, and what each of the team wants to be told of.

    declare_staff_event("task_assigned", label=_("Une tâche m’est confiée"), group=_("Tâches"))

Absent wishes mean yes, under the bell and by mail.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.audit.log import record
from core.notify.models import NotificationPreference

Channel = NotificationPreference.Channel
BELL, MAIL = Channel.PORTAL, Channel.EMAIL
PREFIX = "team:"  # names of our own events never meet those of clients


@dataclass(frozen=True)
class StaffEvent:
    """Something the team is told of."""

    name: str
    label: Any
    group: Any = ""


_events: dict[str, StaffEvent] = {}


def declare_staff_event(name: str, *, label: Any, group: Any = "") -> None:
    """Name an event of `tell_staff`, for the page where each chooses."""
    _events[name] = StaffEvent(name, label, group)


def staff_events() -> dict[str, StaffEvent]:
    """Return the declared events, by name."""
    return dict(_events)


def label_of(name: str) -> str:
    """Return the words for an event; empty when nobody declared it."""
    event = _events.get(name)
    return str(event.label) if event else ""


def switched_off(event: str, user_ids: Iterable[int]) -> set[tuple[int, str]]:
    """Return the (person, channel) pairs that do not want an event, in one query."""
    off = NotificationPreference.objects.filter(
        event=PREFIX + event, is_on=False, user__in=list(user_ids)
    )
    return set(off.values_list("user_id", "channel"))


def off_of(user: Any) -> set[tuple[str, str]]:
    """Return the (event, channel) pairs that a person switched off."""
    off = NotificationPreference.objects.filter(
        user=user, is_on=False, event__startswith=PREFIX
    ).values_list("event", "channel")
    return {(event.removeprefix(PREFIX), channel) for event, channel in off}


@transaction.atomic
def save_staff_wishes(*, user: Any, wishes: Mapping[tuple[str, str], bool]) -> None:
    """Write what a person of the team wants: (event, channel) pairs, on or off."""
    NotificationPreference.objects.bulk_create(
        [
            NotificationPreference(user=user, event=PREFIX + event, channel=channel, is_on=is_on)
            for (event, channel), is_on in wishes.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "event", "channel"],
        update_fields=["is_on"],
    )
    off = sorted(f"{event} ({channel})" for (event, channel), is_on in wishes.items() if not is_on)
    record("notification_wishes_changed", user, actor=user, off=off)
