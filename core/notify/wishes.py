"""Where, how often and when a person wants to be told: read, saved, taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db import transaction

from core import rls
from core.audit.log import changes_between, record
from core.notify.events import Event
from core.notify.models import DeliveryWishes, DigestEntry, NotificationPreference
from core.notify.timing import digest_at

Channel = NotificationPreference.Channel
Frequency = DeliveryWishes.Frequency
DIGEST = "digest"  # stands for every optional mail in a link that stops them
TIMING = ("frequency", "quiet_from", "quiet_to", "quiet_weekends")


@dataclass(frozen=True)
class Wishes:
    """What some people want for one event."""

    event: Event
    off: frozenset[tuple[int, str]] = frozenset()
    timings: Mapping[int, DeliveryWishes] = field(default_factory=dict)

    def shows(self, user_id: int) -> bool:
        """Tell whether a person sees it in the portal."""
        return (user_id, Channel.PORTAL) not in self.off

    def pushes(self, user_id: int) -> bool:
        """Tell whether a person is told on their devices."""
        return (user_id, Channel.PUSH) not in self.off

    def mails(self, user_id: int) -> bool:
        """Tell whether a person gets mail of it, now or in a digest."""
        if not self.event.mails or self.event.kept:
            return self.event.mails
        return (user_id, Channel.EMAIL) not in self.off and not self._never(user_id)

    def timing(self, user_id: int) -> DeliveryWishes | None:
        """Return when a person wants to be told, if they said so."""
        return self.timings.get(user_id)

    def is_digested(self, user_id: int) -> bool:
        """Tell whether the mail of a person waits for their digest."""
        timing = self.timing(user_id)
        regular = (Frequency.DAILY, Frequency.WEEKLY)
        return not self.event.kept and timing is not None and timing.frequency in regular

    def _never(self, user_id: int) -> bool:
        timing = self.timing(user_id)
        return timing is not None and timing.frequency == Frequency.NEVER


def wishes_for(event: Event, user_ids: Iterable[int]) -> Wishes:
    """Return what people want for an event, in two queries."""
    ids = list(user_ids)
    off = NotificationPreference.objects.filter(event=event.name, is_on=False, user__in=ids)
    timings = DeliveryWishes.objects.filter(user__in=ids)
    return Wishes(
        event=event,
        off=frozenset(off.values_list("user_id", "channel")),
        timings={timing.user_id: timing for timing in timings},
    )


def switched_off(user: Any) -> set[tuple[str, str]]:
    """Return the (event, channel) pairs that a person switched off."""
    off = NotificationPreference.objects.filter(user=user, is_on=False)
    return set(off.values_list("event", "channel"))


def timing_of(user: Any) -> DeliveryWishes:
    """Return when a person wants to be told; unsaved if they never said."""
    return DeliveryWishes.objects.filter(user=user).first() or DeliveryWishes(user=user)


@transaction.atomic
def save_wishes(
    *,
    user: Any,
    channels: Mapping[tuple[str, str], bool],
    frequency: str,
    quiet_from: time | None,
    quiet_to: time | None,
    quiet_weekends: bool,
    at: datetime,
) -> None:
    """Write what a person wants: (event, channel) pairs, the pace of mail, the quiet hours.

    What waits for a digest leaves at the new pace: at once when there is no digest any more.
    """
    before = switched_off(user)
    _switch(user, channels)
    timing, _is_new = DeliveryWishes.objects.select_for_update().get_or_create(user=user)
    former = {name: getattr(timing, name) for name in TIMING}
    values = {
        "frequency": frequency,
        "quiet_from": quiet_from,
        "quiet_to": quiet_to,
        "quiet_weekends": quiet_weekends,
    }
    for name, value in values.items():
        setattr(timing, name, value)
    timing.save()
    changes = changes_between(former, values)
    if changes:
        _reschedule(timing, at)
    after = switched_off(user)
    if changes or before != after:
        record("notification_wishes_changed", user, actor=user, changes=changes, off=_names(after))


@transaction.atomic
def stop_mail(*, user: Any, event: str) -> None:
    """Stop the mail of one event for a person, or all optional mail for the name `DIGEST`."""
    _set_mail(user, event, is_on=False)


@transaction.atomic
def resume_mail(*, user: Any, event: str) -> None:
    """Take `stop_mail` back."""
    _set_mail(user, event, is_on=True)


def _set_mail(user: Any, event: str, *, is_on: bool) -> None:
    if event == DIGEST:
        frequency = Frequency.NOW if is_on else Frequency.NEVER
        DeliveryWishes.objects.update_or_create(user=user, defaults={"frequency": frequency})
    else:
        _switch(user, {(event, Channel.EMAIL): is_on})
    record("notification_mail_switched", user, actor=user, event=event, is_on=is_on)


def _switch(user: Any, channels: Mapping[tuple[str, str], bool]) -> None:
    NotificationPreference.objects.bulk_create(
        [
            NotificationPreference(user=user, event=event, channel=channel, is_on=is_on)
            for (event, channel), is_on in channels.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "event", "channel"],
        update_fields=["is_on"],
    )


def _reschedule(timing: DeliveryWishes, at: datetime) -> None:
    is_digested = timing.frequency in (Frequency.DAILY, Frequency.WEEKLY)
    with rls.staff("notify: the lines of digests are the team's, whoever acts"):
        DigestEntry.objects.filter(user=timing.user_id, left_at=None).update(
            due_at=digest_at(timing, at) if is_digested else at
        )


def _names(off: set[tuple[str, str]]) -> list[str]:
    return sorted(f"{event} ({channel})" for event, channel in off)
