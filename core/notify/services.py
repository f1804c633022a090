"""Sending mail that is owed, and sending again what failed."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import rls
from core.audit.log import record
from core.files.services import read_file
from core.live.publishing import tell_person
from core.notify.events import events
from core.notify.mail import TOPIC, preview_mail, preview_words
from core.notify.models import MessageTemplate, Notification, OutgoingMail
from core.notify.own_messages import own_words, wording_of
from core.notify.unread import forget_unread
from core.notify.unsubscribing import stop_url
from core.outbox.models import OwedWork
from core.outbox.services import owe, resume


class AlreadySent(Exception):
    """The mail has left: sending it again would reach people twice."""


OVER = (OutgoingMail.State.SENT, OutgoingMail.State.VOID)
OPENS_ACCOUNTS = "account/"  # such mail holds links that open an account: not kept once sent


def deliver(*, mail_id: int, at: datetime) -> bool:
    """Send one mail unless it has left already. Tell whether it left now.

    :raises smtplib.SMTPException, OSError: if the server refuses or does not answer; the
        failure is written on the mail, and the outbox tries again.
    """
    try:
        return _deliver_once(mail_id, at)
    except (SMTPException, OSError) as error:
        with rls.staff("notify: write why a mail did not leave"):
            OutgoingMail.objects.filter(pk=mail_id).exclude(state=OutgoingMail.State.SENT).update(
                state=OutgoingMail.State.FAILED,
                tries=F("tries") + 1,
                last_error=f"{type(error).__name__}: {error}"[:2000],
            )
        raise


@transaction.atomic
def send_test(
    *, message: MessageTemplate, context: Mapping[str, Any], actor: Any, at: datetime
) -> OutgoingMail:
    """Owe whoever asks the mail that words of the team make; twice in a second is one mail."""
    subject, text, html = message_parts(message, context)
    with rls.staff("notify: the mail table is the team's, whoever acts"):
        mail, is_new = OutgoingMail.objects.get_or_create(
            key=f"essai:{message.pk}:{actor.pk}:{at:%Y%m%d%H%M%S}",
            defaults={
                "template": message.name,
                "recipients": [actor.email],
                "subject": _("[Essai] %(subject)s")[:300] % {"subject": subject[:280]},
                "text": text,
                "html": html,
                "attachment_ids": [],
            },
        )
        if is_new:
            owe(TOPIC, key=f"mail:{mail.key}", payload={"mail_id": mail.pk}, client_id=None)
            record("message_tested", message, actor=actor)
    return mail


def message_parts(message: MessageTemplate, context: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the subject, the text and the HTML that a template makes; a text alone for an SMS."""
    if message.kind == MessageTemplate.Kind.WORDING:
        return preview_words(message, context)
    wording = wording_of(message)
    if wording is None:
        return message.subject, message.body, ""
    words = own_words(message, wording, context)
    if message.kind == MessageTemplate.Kind.SMS:
        return str(message), words.body, ""
    return preview_mail("notify/letter", {"subject": words.subject, "body": words.body})


@transaction.atomic
def open_notice(*, notice: Notification, at: datetime) -> None:
    """Mark a notice read, if it was not."""
    if notice.read_at is None:
        Notification.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)
        forget_unread([notice.user_id])
        tell_person("notices", user_id=notice.user_id)


@transaction.atomic
def read_all_notices(*, user: Any, at: datetime) -> int:
    """Mark every notice that a person may read as read; return how many were not."""
    unread = Notification.objects.visible_to(user).filter(user=user, read_at=None)
    count = unread.update(read_at=at)
    forget_unread([user.pk])
    if count:
        tell_person("notices", user_id=user.pk)
    return count


@transaction.atomic
def resend(*, mail: OutgoingMail, actor: Any, at: datetime) -> None:
    """Owe again, at once, a mail that did not leave.

    :raises AlreadySent: if it has left, or is withheld for good.
    """
    locked = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if locked.state in OVER:
        raise AlreadySent(mail)
    locked.state = OutgoingMail.State.OWED
    locked.save(update_fields=["state"])
    record("mail_resent", locked, actor=actor, recipients=locked.recipients)
    work = owe(TOPIC, key=f"mail:{locked.key}", payload={"mail_id": locked.pk}, at=at)
    if work is None:
        resume(OwedWork.objects.get(key=f"mail:{locked.key}"), at=at)


def _deliver_once(mail_id: int, at: datetime) -> bool:
    with rls.staff("notify: deliver owed mail"), transaction.atomic():
        mail = OutgoingMail.objects.select_for_update().get(pk=mail_id)
        if mail.state in OVER:
            return False
        if mail.waits and not _may_still_be_told(mail):
            mail.state = OutgoingMail.State.VOID
            mail.save(update_fields=["state"])
            return False
        _message(mail).send()
        mail.message_id = message_id(mail.key).strip("<>")
        mail.state, mail.sent_at, mail.last_error = OutgoingMail.State.SENT, at, ""
        mail.tries += 1
        if mail.template.startswith(OPENS_ACCOUNTS):
            mail.text = mail.html = ""
        mail.save(
            update_fields=[
                "state", "sent_at", "last_error", "tries", "text", "html", "message_id",
            ]
        )  # fmt: skip
    return True


def _may_still_be_told(mail: OutgoingMail) -> bool:
    """Tell whether who waited for this mail may still read what it is about."""
    event, person = events().get(mail.event), mail.person
    if event is None or person is None or not person.is_active:
        return False
    return event.concerns(person, mail.client_id)


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=mail.recipients,
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=_headers(mail),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for file_id in mail.attachment_ids:
        file, content = read_file(file_id)
        message.attach(file.name, content, file.content_type)
    return message


def _headers(mail: OutgoingMail) -> dict[str, str]:
    """Return the headers of a mail; one that may be stopped says how, in one click (RFC 8058)."""
    headers = {"Message-ID": message_id(mail.key)}
    if mail.event and mail.person_id:
        headers["List-Unsubscribe"] = f"<{stop_url(mail.person_id, mail.event)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def message_id(key: str) -> str:
    """Return the Message-ID of a key: the same mail sent twice is one mail for its reader."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "nourx.test"
    return f"<{digest}@{domain}>"
