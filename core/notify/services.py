"""Sending mail that is owed, and sending again what failed."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from core import rls
from core.files.services import read_file
from core.notify.models import OutgoingMail


def deliver(*, mail_id: int, at: datetime) -> bool:
    """Send one mail unless it has left already. Tell whether it left now.

    :raises smtplib.SMTPException, OSError: if the server refuses or does not answer.
    """
    with rls.staff("notify: deliver owed mail"), transaction.atomic():
        mail = OutgoingMail.objects.select_for_update().get(pk=mail_id)
        if mail.state == OutgoingMail.State.SENT:
            return False
        _message(mail).send()
        mail.state, mail.sent_at, mail.last_error = OutgoingMail.State.SENT, at, ""
        mail.tries += 1
        mail.save(update_fields=["state", "sent_at", "last_error", "tries"])
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
