"""Letters of the team to people of a client, each in a mail of their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import translation

from core.access.grants import holders
from core.access.roles import Grant
from core.audit.log import record
from core.notify.mail import owe_mail
from core.notify.own_messages import CLIENT, house_name, own_wording
from core.notify.wordings import fill


class NobodyToWrite(Exception):
    """None of the chosen addresses is of this client any more."""


@dataclass(frozen=True)
class Person:
    """Somebody of a client who may be written to."""

    name: str
    email: str
    language: str = settings.LANGUAGE_CODE


def people_to_write(client_id: int) -> list[Person]:
    """Return the members and contacts of a client that have an address, each address once."""
    members = holders(Grant.ENTER, client_id).filter(is_staff=False)
    found = [Person(str(one), one.email.lower(), one.language) for one in members]
    contact: Any = apps.get_model("accounts.Contact")
    rows = (
        contact.objects.filter(client_id=client_id).exclude(email="").order_by("-is_main", "name")
    )
    found += [Person(one.name, one.email.lower()) for one in rows]
    known: dict[str, Person] = {}
    for person in found:
        known.setdefault(person.email, person)
    return list(known.values())


@transaction.atomic
def write_to_client(
    *, client: Any, to: Iterable[str], subject: str, body: str, key: str, actor: Any
) -> int:
    """Owe a letter to each chosen person of a client; the same form sent twice sends once.

    :raises NobodyToWrite: if none of the addresses is of this client.
    """
    chosen = set(to)
    people = [one for one in people_to_write(client.pk) if one.email in chosen]
    wording = own_wording(CLIENT)
    if not people or wording is None:
        raise NobodyToWrite(client.pk)
    for person in people:
        facts = {"nom": person.name, "client": client.name, "societe": house_name()}
        with translation.override(person.language):
            owe_mail(
                "notify/letter",
                key=f"letter:{client.pk}:{key}:{person.email}",
                to=[person.email],
                client_id=client.pk,
                context={
                    "subject": fill(subject, wording, facts),
                    "body": fill(body, wording, facts),
                },
                reply_to=actor.email,
            )
    record("client_written_to", client, actor=actor, subject=subject, to=sorted(chosen))
    return len(people)
