"""Telling people that something happened: in the portal and by mail, as each of them wishes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils import translation

from core.live.publishing import tell_person
from core.notify.events import Event, event_of
from core.notify.mail import owe_mail
from core.notify.models import Notification, NotificationPreference

Channel = NotificationPreference.Channel
NOTICE = "notify/notice"  # the mail of whatever has no template of its own


def announce(
    event: str,
    *,
    client_id: int,
    to: Iterable[Any],
    text: Any,
    url: str,
    key: str,
    detail: Any = "",
    actor: Any = None,
    mail: str = NOTICE,
    context: Mapping[str, Any] | None = None,
) -> None:
    """Tell each of these people once, in the transaction of the act; not the one who acted.

    `text` is a sentence, lazy so that each reads it in their language; `detail` a few words of
    what was written; `url` the path of the page. `key` makes a second call for the same fact
    tell nobody again. `mail` is the template, given `text`, `detail`, `url` and the context.

    :raises KeyError: if the event was not declared.
    """
    declared = event_of(event)
    people = [person for person in to if actor is None or person.pk != actor.pk]
    unwanted = _unwanted(declared, people)
    for person in people:
        with translation.override(person.language):
            facts = {"text": str(text), "detail": str(detail), "url": settings.BASE_URL + url}
            if (person.pk, Channel.PORTAL) not in unwanted:
                _show(declared, person, client_id, facts["text"], url, key)
            if declared.mails and (declared.kept or (person.pk, Channel.EMAIL) not in unwanted):
                owe_mail(
                    mail,
                    key=f"{event}:{key}:{person.pk}",
                    to=[person.email],
                    client_id=client_id,
                    context={**facts, **(context or {})},
                )


def _unwanted(event: Event, people: list[Any]) -> set[tuple[int, str]]:
    """Return the (person, channel) pairs that were switched off for an event."""
    off = NotificationPreference.objects.filter(
        event=event.name, is_on=False, user__in=[person.pk for person in people]
    )
    return set(off.values_list("user_id", "channel"))


def _show(event: Event, person: Any, client_id: int, text: str, url: str, key: str) -> None:
    _notice, is_new = Notification.objects.get_or_create(
        user=person,
        key=f"{event.name}:{key}"[:200],
        defaults={"client_id": client_id, "event": event.name, "text": text[:300], "url": url},
    )
    if is_new:
        tell_person("notices", user_id=person.pk)
