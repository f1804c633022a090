"""What the team does to the mail that came: accept, attach, refuse, treat again; and mailboxes."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import rls
from core.accounts.secrets import encrypt_text
from core.audit.log import record
from core.outbox.services import owe
from portal.crm.eml import NotAnEmail
from portal.inbox.models import IncomingMail, Mailbox
from portal.inbox.people import find_sender
from portal.inbox.receiving import TOPIC, raw_of
from portal.inbox.treating import put_in_ticket, read_message
from portal.support.models import Ticket

State = IncomingMail.State
KEPT_RAW = timedelta(days=180)
MOST_REMOVED = 500


class CannotTreat(Exception):
    """The message is no longer in a state for this; its message is for people."""

    def __init__(self, message: Any):
        super().__init__(str(message))
        self.message = message


@transaction.atomic
def take_in(
    *, mail: IncomingMail, client_id: int, ticket: Ticket | None, actor: Any, at: datetime
) -> IncomingMail:
    """Put a message that waited into a ticket of a client, or into a new one.

    Whoever wrote is only its author when their account is of that client.

    :raises CannotTreat: if it does not wait any more, its bytes are gone, or of another client.
    """
    locked = _waiting(mail)
    if ticket is not None and ticket.client_id != client_id:
        raise CannotTreat(_("Ce ticket est d’un autre client."))
    try:
        read = read_message(raw_of(locked))
    except (FileNotFoundError, NotAnEmail) as error:
        raise CannotTreat(_("Le message d’origine ne peut plus être lu.")) from error
    locked.client_id, locked.ticket = client_id, ticket
    put_in_ticket(locked, read, find_sender(locked.sender, locked.sender_name), at)
    locked.treated_at = at
    locked.save()
    record("mail_taken_in", locked, actor=actor, ticket=locked.ticket.number)  # type: ignore[union-attr]
    return locked


@transaction.atomic
def refuse(*, mail: IncomingMail, reason: str, actor: Any, at: datetime) -> None:
    """Put a message that waited aside for good. Its sender is told nothing.

    :raises CannotTreat: if it does not wait any more.
    """
    locked = _waiting(mail)
    locked.state, locked.reason, locked.treated_at = State.REFUSED, reason[:300], at
    locked.save(update_fields=["state", "reason", "treated_at"])
    record("mail_refused", locked, actor=actor)


@transaction.atomic
def treat_again(*, mail: IncomingMail, actor: Any) -> None:
    """Have a message that waits or failed treated again, with what we know now.

    :raises CannotTreat: if it is in a ticket, or its bytes are gone.
    """
    locked = IncomingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if locked.state in (State.TREATED, State.BOUNCE) or not locked.raw_key:
        raise CannotTreat(_("Ce message ne se traite plus."))
    locked.state, locked.reason = State.RECEIVED, ""
    locked.save(update_fields=["state", "reason"])
    key = f"inbox:{locked.pk}:{locked.tries}"
    owe(TOPIC, key=key, payload={"mail_id": locked.pk})
    record("mail_treated_again", locked, actor=actor)


def _waiting(mail: IncomingMail) -> IncomingMail:
    locked = IncomingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if not locked.waits:
        raise CannotTreat(_("Quelqu’un s’en est déjà occupé."))
    return locked


@transaction.atomic
def keep_secret(*, mailbox: Mailbox, secret: str, actor: Any) -> None:
    """Keep the secret of a mailbox, encrypted; an empty one leaves the former."""
    if secret:
        mailbox.sealed = encrypt_text(secret)
        mailbox.save(update_fields=["sealed"])
        record("mailbox_secret_changed", mailbox, actor=actor)


def remove_old_raws(*, at: datetime) -> int:
    """Remove the bytes of messages older than six months; their rows stay. Return how many."""
    with rls.staff("inbox: forget what was kept long enough"):
        rows = IncomingMail.objects.filter(received_at__lt=at - KEPT_RAW).exclude(raw_key="")
        old = list(rows.order_by("received_at").values_list("pk", "raw_key")[:MOST_REMOVED])
        for pk, key in old:
            storages["private"].delete(key)
            IncomingMail.objects.filter(pk=pk).update(raw_key="")
    return len(old)
