"""Telling people that something happened: in the portal, by mail and on their devices.

Each of them as they wish, in the transaction of the act, in few queries however many they are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from core import rls
from core.live.publishing import tell_person
from core.notify import push
from core.notify.events import Event, event_of
from core.notify.mail import Letter, owe_letters, short_key
from core.notify.models import DigestEntry, Notification, OutgoingMail
from core.notify.timing import digest_at, leaves_at
from core.notify.unread import forget_unread
from core.notify.wishes import Wishes, wishes_for

NOTICE = "notify/notice"  # the mail of whatever has no template of its own
EVERYWHERE = frozenset({"portal", "push", "mail"})
NOTICE_ALONE = frozenset({"portal", "push"})


@dataclass(frozen=True)
class News:
    """What happened, before it is said in somebody's language."""

    event: Event
    client_id: int
    text: Any
    detail: Any
    url: str
    key: str

    def said_to(self, person: Any) -> dict[str, str]:
        """Return its words in the language of a person."""
        with translation.override(person.language):
            return {"text": str(self.text)[:300], "detail": str(self.detail)}

    def mail_key(self, person: Any) -> str:
        """Return the key of its mail to a person."""
        return short_key(f"{self.key}:{person.pk}")

    def row(self, kind: Callable[..., Any], person: Any, **fields: Any) -> Any:
        """Return an unsaved notice or digest line of it for a person."""
        words = self.said_to(person)
        return kind(
            user_id=person.pk,
            client_id=self.client_id,
            event=self.event.name,
            text=words["text"],
            detail=" ".join(words["detail"].split())[:300],
            url=self.url,
            key=self.key,
            **fields,
        )


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
    channels: frozenset[str] = EVERYWHERE,
    reply_to: str = "",
) -> None:
    """Tell each of these people once, in the transaction of the act; not the one who acted.

    `text` is a sentence, lazy so that each reads it in their language; `detail` a few words of
    what was written; `url` the path of the page. `key` makes a second call for the same fact
    tell nobody again. `mail` is the template, given `text`, `detail`, `url` and the context;
    `reply_to` is where an answer to it goes. `channels` keeps to some of them.

    :raises KeyError: if the event was not declared.
    """
    declared, at = event_of(event), timezone.now()
    people = {person.pk: person for person in to if actor is None or person.pk != actor.pk}
    if not people:
        return
    news = News(declared, client_id, text, detail, url, short_key(f"{event}:{key}"))
    wishes = wishes_for(declared, people)
    with transaction.atomic():
        if "portal" in channels:
            _show(news, [person for pk, person in people.items() if wishes.shows(pk)])
        if "push" in channels:
            pushed = [person for pk, person in people.items() if wishes.pushes(pk)]
            _push(news, pushed, wishes, at)
        if "mail" in channels:
            wanted = [person for pk, person in people.items() if wishes.mails(pk)]
            facts = {**(context or {}), "reply_to": reply_to}
            _write(news, wanted, wishes, at, mail=mail, context=facts)


def _show(news: News, people: list[Any]) -> None:
    """Add a notice to the portal of each person who has none of this."""
    ids = [person.pk for person in people]
    rows = Notification.objects.filter(key=news.key, user__in=ids)
    told = set(rows.values_list("user_id", flat=True)) if ids else set()
    fresh = [person for person in people if person.pk not in told]
    if not fresh:
        return
    Notification.objects.bulk_create(
        [news.row(Notification, person) for person in fresh], ignore_conflicts=True
    )
    forget_unread([person.pk for person in fresh])
    for person in fresh:
        tell_person("notices", user_id=person.pk)


def _push(news: News, people: list[Any], wishes: Wishes, at: datetime) -> None:
    push.owe_pushes(
        {
            person.pk: push.Message(
                event=news.event.name,
                key=news.key,
                client_id=news.client_id,
                text=news.said_to(person)["text"],
                url=news.url,
                at=leaves_at(wishes.timing(person.pk), at),
            )
            for person in people
        }
        if push.is_on()
        else {}
    )


def _write(
    news: News,
    people: list[Any],
    wishes: Wishes,
    at: datetime,
    *,
    mail: str,
    context: Mapping[str, Any],
) -> None:
    """Owe the mails of those who want them now; put aside those of a digest."""
    keys = {news.mail_key(person): person.pk for person in people}
    with rls.staff("notify: mails and lines of digests are the team's, whoever acts"):
        told = _told(news, keys) if keys else set()
        fresh = [person for person in people if person.pk not in told]
        lines = [
            news.row(DigestEntry, person, due_at=digest_at(timing, at))
            for person in fresh
            if wishes.is_digested(person.pk) and (timing := wishes.timing(person.pk))
        ]
        DigestEntry.objects.bulk_create(lines, ignore_conflicts=True)
    now = [person for person in fresh if not wishes.is_digested(person.pk)]
    letters = [_letter(news, person, wishes, at, context) for person in now]
    owe_letters(mail, letters, client_id=news.client_id)


def _told(news: News, keys: dict[str, int]) -> set[int]:
    """Return the ids of those whose mail of this was owed or put aside before."""
    mails = OutgoingMail.objects.filter(key__in=list(keys)).values_list("key", flat=True)
    lines = DigestEntry.objects.filter(key=news.key, user__in=keys.values())
    return {keys[key] for key in mails} | set(lines.values_list("user_id", flat=True))


def _letter(
    news: News, person: Any, wishes: Wishes, at: datetime, context: Mapping[str, Any]
) -> Letter:
    kept = news.event.kept
    leaving = at if kept else leaves_at(wishes.timing(person.pk), at)
    facts = {**news.said_to(person), "url": settings.BASE_URL + news.url}
    return Letter(
        key=news.mail_key(person),
        person=person,
        context={**facts, "stop_label": news.event.label, **context},
        reply_to=str(context.get("reply_to", "")),
        event="" if kept else news.event.name,
        at=leaving if leaving > at else None,
    )
