"""Sending mail that is owed, and sending again what failed."""

import hashlib
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F

from core import rls
from core.audit.log import record
from core.files.services import read_file
from core.notify.mail import TOPIC
from core.notify.models import OutgoingMail
from core.outbox.models import OwedWork
from core.outbox.services import owe, resume


class AlreadySent(Exception):
    """The mail has left: sending it again would reach people twice."""


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
def resend(*, mail: OutgoingMail, actor: Any, at: datetime) -> None:
    """Owe again, at once, a mail that did not leave.

    :raises AlreadySent: if it has left.
    """
    locked = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if locked.state == OutgoingMail.State.SENT:
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
        if mail.state == OutgoingMail.State.SENT:
            return False
        _message(mail).send()
        mail.state, mail.sent_at, mail.last_error = OutgoingMail.State.SENT, at, ""
        mail.tries += 1
        if mail.template.startswith(OPENS_ACCOUNTS):
            mail.text = mail.html = ""
        mail.save(update_fields=["state", "sent_at", "last_error", "tries", "text", "html"])
    return True


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=mail.recipients,
        headers={"Message-ID": message_id(mail.key)},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for file_id in mail.attachment_ids:
        file, content = read_file(file_id)
        message.attach(file.name, content, file.content_type)
    return message


def message_id(key: str) -> str:
    """Return the Message-ID of a key: the same mail sent twice is one mail for its reader."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "nourx.test"
    return f"<{digest}@{domain}>"
