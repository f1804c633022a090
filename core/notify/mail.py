"""Owing mail: rendered now, in the transaction of the act; delivered after it, exactly once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from core import hooks, rls
from core.notify.models import MessageTemplate, OutgoingMail
from core.notify.unsubscribing import stop_url
from core.notify.wordings import words_now, written_for
from core.outbox.services import Piece, owe, owe_all
from core.ui.branding import accent_tokens

TOPIC = "mail"
LONGEST_KEY = 190  # the key of the owed work has a few letters more
Written = Mapping[str, MessageTemplate]  # what the team wrote in place of a mail, by language
INK = {"light": "#0a0a0a", "dark": "#f5f5f5"}


@dataclass(frozen=True)
class Letter:
    """One mail of many, for one person: why it is sent, and the moment it may leave."""

    key: str
    person: Any
    context: Mapping[str, Any]
    event: str = ""  # named when the person may stop this kind of mail
    at: datetime | None = None  # None: at once
    reply_to: str = ""


def owe_mail(
    template: str,
    *,
    key: str,
    to: list[str],
    context: dict[str, Any],
    client_id: int | None = None,
    attachment_ids: list[int] | None = None,
    reply_to: str = "",
) -> OutgoingMail | None:
    """Owe one mail under a unique key, made of `templates/mail/<template>.{subject.txt,txt,html}`.

    The team's own words replace the template when it wrote some (core.notify.wordings).
    `attachment_ids` are ids of stored files, `reply_to` where an answer goes. Returns None when
    nobody is to receive it or when the key is owed already. The worker sends it after the commit,
    with the key as Message-ID.
    """
    recipients = [address for address in dict.fromkeys(to) if address]
    if not recipients:
        return None
    key = short_key(key)
    subject, text, html = _rendered(template, written_for(template), {**_frame(), **context})
    with rls.staff("notify: the mail table is the team's, whoever acts"):
        mail, is_new = OutgoingMail.objects.get_or_create(
            key=key,
            defaults={
                "template": template,
                "client_id": client_id,
                "recipients": recipients,
                "subject": subject[:300],
                "text": text,
                "html": html,
                "attachment_ids": attachment_ids or [],
                "reply_to": reply_to,
            },
        )
    if not is_new:
        return None
    owe(TOPIC, key=f"mail:{key}", payload={"mail_id": mail.pk}, client_id=None)
    return mail


def owe_letters(template: str, letters: Sequence[Letter], *, client_id: int | None = None) -> None:
    """Owe one mail to each of many people, in their language, in few queries however many.

    A key that is owed already is left as it is. A letter with an event holds a link that stops
    mails of this event, at its foot and in its headers.
    """
    if not letters:
        return
    frame, written = _frame(), written_for(template)
    mails = [_mail(template, written, letter, frame, client_id) for letter in letters]
    keys = [mail.key for mail in mails]
    leaving = {short_key(letter.key): letter.at for letter in letters}
    with rls.staff("notify: the mail table is the team's, whoever acts"):
        OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)
        kept = list(OutgoingMail.objects.filter(key__in=keys).values_list("key", "pk"))
    owe_all(
        TOPIC,
        [Piece(f"mail:{key}", {"mail_id": mail_id}, at=leaving[key]) for key, mail_id in kept],
    )


def short_key(key: str) -> str:
    """Return a key that fits its column: the end of a long one becomes its digest."""
    if len(key) <= LONGEST_KEY:
        return key
    return key[: LONGEST_KEY - 33] + ":" + hashlib.sha256(key.encode()).hexdigest()[:32]


def _mail(
    template: str,
    written: Written,
    letter: Letter,
    frame: dict[str, Any],
    client_id: int | None,
) -> OutgoingMail:
    stop = stop_url(letter.person.pk, letter.event) if letter.event else ""
    page = {**frame, **letter.context, "stop_url": stop}
    with translation.override(letter.person.language):
        subject, text, html = _rendered(template, written, page)
    return OutgoingMail(
        key=short_key(letter.key),
        template=template,
        client_id=client_id,
        person_id=letter.person.pk,
        event=letter.event,
        waits=letter.at is not None,
        recipients=[letter.person.email],
        subject=subject[:300],
        text=text,
        html=html,
        reply_to=letter.reply_to,
    )


def _frame() -> dict[str, Any]:
    """Return what every mail shows around its words: the agency's name and readable colours."""
    brand = hooks.brand(None)
    tokens = accent_tokens(brand.accent) if brand and brand.accent else None
    return {
        "base_url": settings.BASE_URL,
        "brand_name": brand.name if brand else "NOURX",
        "colour": tokens["light"]["--brand"] if tokens else INK["light"],
        "link_colour": tokens["light"]["--brand-text"] if tokens else INK["light"],
        "dark_colour": tokens["dark"]["--brand"] if tokens else INK["dark"],
        "dark_link_colour": tokens["dark"]["--brand-text"] if tokens else INK["dark"],
    }


def _rendered(template: str, written: Written, page: dict[str, Any]) -> tuple[str, str, str]:
    """Return the subject, the text and the HTML of a mail."""
    words = words_now(written, page)
    if words is None:
        subject = " ".join(render_to_string(f"mail/{template}.subject.txt", page).split())
    else:
        subject, template, page = words.subject, "own_words", {**page, "words": words}
    text = render_to_string(f"mail/{template}.txt", page)
    return subject, text, render_to_string(f"mail/{template}.html", page)


def preview_mail(template: str, context: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the subject, the text and the HTML of a mail as it would leave now; owes nothing."""
    return _rendered(template, written_for(template), {**_frame(), **context})


def preview_words(written: MessageTemplate, context: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the subject, the text and the HTML that words of the team would make."""
    return _rendered(written.name, {written.language: written}, {**_frame(), **context})
