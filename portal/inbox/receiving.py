"""Taking a message in: its bytes are kept first, its row once, its treatment owed."""

import hashlib
import uuid
from datetime import datetime
from email import policy
from email.parser import BytesHeaderParser

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _

from core import rls
from core.outbox.services import owe
from core.ui.formats import file_size
from portal.inbox.headers import header, recipients_of, sender_of
from portal.inbox.models import IncomingMail, Mailbox

TOPIC = "inbox"
MOST_BYTES = 30_000_000
State = IncomingMail.State


@transaction.atomic
def receive(*, mailbox: Mailbox, raw: bytes, at: datetime) -> IncomingMail | None:
    """Keep a message that came, and owe its treatment. None: it had come before.

    The bytes are written first: a row always has its bytes.
    """
    with rls.staff("inbox: the mail that comes is the team's"):
        row, is_new = _row(mailbox, raw, len(raw), at)
        if not is_new:
            return None
        if len(raw) > MOST_BYTES:
            _refuse_size(row, len(raw))
        else:
            row.raw_key = storages["private"].save(f"inbox/{uuid.uuid4()}", ContentFile(raw))
            row.save(update_fields=["raw_key"])
            owe(TOPIC, key=f"inbox:{row.pk}", payload={"mail_id": row.pk})
    return row


@transaction.atomic
def note_too_large(*, mailbox: Mailbox, head: bytes, size: int, at: datetime) -> None:
    """Note a message of which the headers alone were read: it is above 30 MB."""
    with rls.staff("inbox: the mail that comes is the team's"):
        row, is_new = _row(mailbox, head, size, at)
        if is_new:
            _refuse_size(row, size)


def _refuse_size(row: IncomingMail, size: int) -> None:
    text = _("Le message fait %(size)s ; la limite est de %(most)s.")
    row.state = State.REFUSED
    row.reason = text % {"size": file_size(size), "most": file_size(MOST_BYTES)}
    row.save(update_fields=["state", "reason"])


def _row(mailbox: Mailbox, raw: bytes, size: int, at: datetime) -> tuple[IncomingMail, bool]:
    """Return the row of a message, and whether it is new; two at once make one."""
    message = BytesHeaderParser(policy=policy.default).parsebytes(raw[:200_000])
    name, sender = sender_of(message)  # type: ignore[arg-type]
    known = plain(header(message, "message-id").strip("<> "))[:300]  # type: ignore[arg-type]
    return IncomingMail.objects.get_or_create(
        message_id=known or "sha256:" + hashlib.sha256(raw).hexdigest(),
        defaults={
            "mailbox": mailbox,
            "sender": plain(sender),
            "sender_name": plain(name),
            "recipients": plain(", ".join(recipients_of(message)))[:600],  # type: ignore[arg-type]
            "subject": plain(header(message, "subject"))[:300],  # type: ignore[arg-type]
            "size": size,
            "received_at": at,
        },
    )


def plain(text: str) -> str:
    """Return a text that the database takes."""
    return text.replace("\x00", "").encode("utf-8", errors="replace").decode("utf-8")


def raw_of(mail: IncomingMail) -> bytes:
    """Return the bytes of a message as it came.

    :raises FileNotFoundError: if they were removed, which happens after six months.
    """
    if not mail.raw_key:
        raise FileNotFoundError(mail.pk)
    with storages["private"].open(mail.raw_key) as stream:
        return stream.read()
