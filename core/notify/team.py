"""Telling the team that something happened: by mail, and under the bell of the back-office."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation

from core import hooks, rls
from core.live.publishing import tell_person
from core.notify.mail import owe_mail, short_key
from core.notify.models import TeamNotice
from core.notify.staff_events import BELL, MAIL, switched_off
from core.notify.team_bell import forget_team_unread

TEMPLATE = "notify/team"


def tell_team(
    event: str,
    *,
    client_id: int,
    text: Any,
    url: str,
    key: str,
    to: list[str] | None = None,
    detail: Any = "",
    attachment_ids: Sequence[int] = (),
) -> None:
    """Owe the team one mail about an act of a client, in the transaction of the act.

    `to` are the addresses; None means whoever the team has follow this client. `text` is a
    sentence that names the client, `detail` a few words of what was written, `url` the path of
    the page in the back-office. A second call for the same event and key sends nothing again.
    """
    addresses = hooks.team_addresses(client_id) if to is None else to
    with translation.override(settings.LANGUAGE_CODE):
        owe_mail(
            TEMPLATE,
            key=f"team:{event}:{key}",
            to=addresses,
            client_id=client_id,
            attachment_ids=list(attachment_ids),
            context={"text": str(text), "detail": str(detail), "url": settings.BASE_URL + url},
        )


def tell_staff(
    event: str,
    *,
    to: Iterable[Any],
    text: Any,
    url: str,
    key: str,
    detail: Any = "",
    client_id: int | None = None,
    actor: Any = None,
    mails: bool = True,
) -> None:
    """Tell people of the team, under their bell and by mail, in the transaction of the act.

    Whoever acted is not told, nor is who left the team, nor who switched this event off. `url` is
    a path of the back-office.
    A second call for the same event and key tells nobody again. `mails` is False for what the
    bell alone is enough for.
    """
    people = _told(to, actor)
    if not people:
        return
    name = short_key(f"{event}:{key}")
    with translation.override(settings.LANGUAGE_CODE):
        words = {"text": str(text)[:300], "detail": " ".join(str(detail).split())[:300]}
    off = switched_off(event, [person.pk for person in people])
    rows = [
        TeamNotice(user=person, event=event, url=url[:300], key=name, **words)
        for person in people
        if (person.pk, BELL) not in off
    ]
    with rls.staff("notify: notices of the team are its own, whoever acts"):
        TeamNotice.objects.bulk_create(rows, ignore_conflicts=True)
    forget_team_unread([row.user_id for row in rows])
    for row in rows:
        tell_person("notices", user_id=row.user_id)
    if mails:
        for person in (one for one in people if (one.pk, MAIL) not in off):
            _mail_staff(name, person, client_id, words, url)


def _told(to: Iterable[Any], actor: Any) -> list[Any]:
    """Return the people who are told, each once: of the team still, and not who acted."""
    return [
        person
        for person in {one.pk: one for one in to if one is not None}.values()
        if person.is_staff and person.is_active and (actor is None or person.pk != actor.pk)
    ]


def _mail_staff(
    name: str, person: Any, client_id: int | None, words: dict[str, str], url: str
) -> None:
    owe_mail(
        TEMPLATE,
        key=f"staff:{name}:{person.pk}",
        to=[person.email],
        client_id=client_id,
        context={**words, "url": settings.BASE_URL + url},
    )
