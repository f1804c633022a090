"""Reads of notices for pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.notify.events import Event, events, label_of
from core.notify.models import Notification, NotificationPreference
from core.notify.wishes import switched_off
from core.ui.formats import date_full

UNREAD = "non-lues"


@dataclass(frozen=True)
class Shown:
    """A notice with the words and the icon of its event."""

    notice: Notification
    label: str
    icon: str


@dataclass(frozen=True)
class Day:
    """The notices of one day."""

    label: str
    notices: list[Shown]


@dataclass(frozen=True)
class Wish:
    """An event and the channels on which a person is told of it."""

    event: Event
    channels: frozenset[str]


def notices_of(user: Any) -> QuerySet[Notification]:
    """Return the notices of a person at the clients they may enter, newest first."""
    mine = Notification.objects.visible_to(user).filter(user=user)
    return mine.order_by("-created_at", "-pk")


def groups_of(user: Any) -> dict[str, str]:
    """Return the groups of events that concern a person: label by key, in order."""
    return {
        event.group_key: str(event.group) for event in events().values() if event.concerns(user)
    }


def narrowed(notices: QuerySet[Notification], *, show: str, group: str) -> QuerySet[Notification]:
    """Keep the notices not opened, or those of a group of events, when asked."""
    if show == UNREAD:
        notices = notices.filter(read_at=None)
    if group:
        names = [event.name for event in events().values() if event.group_key == group]
        notices = notices.filter(event__in=names)
    return notices


def by_day(notices: Iterable[Notification], *, now: datetime) -> list[Day]:
    """Return notices under the day they came, such as « Aujourd’hui »; in the order given."""
    days: dict[date, list[Shown]] = {}
    for notice in notices:
        days.setdefault(timezone.localdate(notice.created_at), []).append(shown(notice))
    today = timezone.localdate(now)
    return [Day(_day_label(day, today), found) for day, found in days.items()]


def shown(notice: Notification) -> Shown:
    """Return a notice with what its event is called."""
    event = events().get(notice.event)
    return Shown(notice, label_of(notice.event), event.icon if event else "bell")


def wishes_of(user: Any) -> list[Wish]:
    """Return, for each event that concerns a person, where they are told of it."""
    off = switched_off(user)
    return [
        Wish(event, frozenset(_channels(event, off)))
        for event in events().values()
        if event.concerns(user)
    ]


def _channels(event: Event, off: set[tuple[str, str]]) -> Iterable[str]:
    for channel in NotificationPreference.Channel.values:
        is_mail = channel == NotificationPreference.Channel.EMAIL
        if is_mail and not event.mails and not event.kept:
            continue
        if (is_mail and event.kept) or (event.name, channel) not in off:
            yield channel


def _day_label(day: date, today: date) -> str:
    if day == today:
        return _("Aujourd’hui")
    if day == today - timedelta(days=1):
        return _("Hier")
    label = date_full(day)
    return label[:1].upper() + label[1:]
