"""Reading a mailbox by IMAP: what came since the last message read, at least once each.

How far it was read is written after each message, with its row: a stop in the middle reads one
message again, which its Message-ID makes one. A mailbox that was made anew (UIDVALIDITY) is read
from its start.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.secrets import decrypt_text
from portal.inbox.models import Mailbox
from portal.inbox.receiving import MOST_BYTES, note_too_large, receive

SECONDS_TO_WAIT = 20
MOST_AT_ONCE = 50
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
LOCAL = ("127.0.0.1", "localhost", "::1")


class MailboxUnreadable(Exception):
    """The mailbox did not answer, or refused us; the text is for people."""


def poll_all(*, at: datetime) -> int:
    """Read every mailbox that is on; one that fails says so and holds up no other."""
    boxes = Mailbox.objects.filter(is_on=True, kind=Mailbox.Kind.IMAP).order_by("pk")
    count = 0
    for mailbox in boxes:
        try:
            count += poll(mailbox=mailbox, at=at)
        except MailboxUnreadable as error:
            Mailbox.objects.filter(pk=mailbox.pk).update(polled_at=at, last_error=str(error)[:300])
    return count


def poll(*, mailbox: Mailbox, at: datetime) -> int:
    """Take in what came to a mailbox since the last time; return how many messages.

    :raises MailboxUnreadable: if it does not answer, or refuses us.
    """
    with connected(mailbox) as server:
        validity = _validity(server)
        if mailbox.uid_validity != validity:
            mailbox.uid_validity, mailbox.last_uid = validity, 0
        count = 0
        for uid in _new_uids(server, mailbox.last_uid)[:MOST_AT_ONCE]:
            _take(server, mailbox, uid, at)
            count += 1
    Mailbox.objects.filter(pk=mailbox.pk).update(polled_at=at, last_error="")
    return count


@contextmanager
def connected(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    """Open a mailbox for reading, in its folder; close it whatever happens.

    :raises MailboxUnreadable: if it does not answer, or refuses us.
    """
    try:
        server = _connect(mailbox)
        try:
            server.login(mailbox.username, decrypt_text(mailbox.sealed))
            _ok(server.select(f'"{mailbox.folder}"', readonly=True))
            yield server
        finally:
            server.logout()
    except (imaplib.IMAP4.error, OSError, ssl.SSLError) as error:
        raise MailboxUnreadable(f"{type(error).__name__} : {error}") from error
    except InvalidToken as error:
        raise MailboxUnreadable(_("Le mot de passe est à saisir de nouveau.")) from error


def _connect(mailbox: Mailbox) -> imaplib.IMAP4:
    if mailbox.security == Mailbox.Security.SSL:
        return imaplib.IMAP4_SSL(
            mailbox.host,
            mailbox.port,
            ssl_context=ssl.create_default_context(),
            timeout=SECONDS_TO_WAIT,
        )
    if mailbox.security == Mailbox.Security.NONE and mailbox.host not in LOCAL:
        raise MailboxUnreadable(_("Sans chiffrement : sur cette machine seulement."))
    server = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=SECONDS_TO_WAIT)
    if mailbox.security == Mailbox.Security.STARTTLS:
        server.starttls(ssl.create_default_context())
    return server


def _validity(server: imaplib.IMAP4) -> int:
    _kind, found = server.response("UIDVALIDITY")
    return int(found[0]) if found and found[0] else 0


def _new_uids(server: imaplib.IMAP4, last: int) -> list[int]:
    """Return the UIDs after the last one read, in order; « n:* » always names the last message."""
    data = _ok(server.uid("SEARCH", f"UID {last + 1}:*"))
    uids = [int(one) for one in (data[0] or b"").split()]
    return sorted(uid for uid in uids if uid > last)


def _take(server: imaplib.IMAP4, mailbox: Mailbox, uid: int, at: datetime) -> None:
    size = _size(server, uid)
    part = "BODY.PEEK[HEADER]" if size > MOST_BYTES else "BODY.PEEK[]"
    raw = _bytes(_ok(server.uid("FETCH", str(uid), f"({part})")))
    with transaction.atomic():
        if size > MOST_BYTES:
            note_too_large(mailbox=mailbox, head=raw, size=size, at=at)
        elif raw:
            receive(mailbox=mailbox, raw=raw, at=at)
        mailbox.last_uid = uid
        mailbox.save(update_fields=["uid_validity", "last_uid"])


def _size(server: imaplib.IMAP4, uid: int) -> int:
    data = _ok(server.uid("FETCH", str(uid), "(RFC822.SIZE)"))
    found = SIZE.search(b" ".join(one for one in data if isinstance(one, bytes)))
    return int(found.group(1)) if found else 0


def _bytes(data: list) -> bytes:
    return next((one[1] for one in data if isinstance(one, tuple)), b"")


def _ok(answer: tuple[str, list]) -> list:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(str(data[:1])[:200])
    return data
