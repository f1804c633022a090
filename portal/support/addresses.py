"""The address that answers about a ticket go to: it names the ticket, and proves the thread only.

`support+42-1f3a…@nourx.ci`: who knows it knows that a mail of this ticket reached them, no more.
Whether their words are taken at once is decided by who they are.
"""

import re

from django.utils.crypto import constant_time_compare, salted_hmac

from core.hooks.rules import reply_mailbox
from portal.support.models import Ticket

TOKEN = re.compile(r"\+(\d{1,18})-([0-9a-f]{16})@")
SALT = "portal.support.addresses"


def reply_address(ticket: Ticket) -> str:
    """Return where answers about a ticket go; nothing while no mailbox of ours is read."""
    name, at, domain = reply_mailbox().rpartition("@")
    return f"{name}+{ticket.pk}-{_proof(ticket.pk)}{at}{domain}" if at else ""


def ticket_of_address(address: str) -> int | None:
    """Return the id of the ticket that an address names, if we wrote it."""
    found = TOKEN.search(address.lower())
    if found is None:
        return None
    ticket_id, proof = int(found.group(1)), found.group(2)
    return ticket_id if constant_time_compare(proof, _proof(ticket_id)) else None


def _proof(ticket_id: int) -> str:
    return salted_hmac(SALT, str(ticket_id), algorithm="sha256").hexdigest()[:16]
