"""Who wrote: an account or a contact of a client, found by the address. It proves nothing yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model

from core.access.grants import every_grant_of
from core.access.roles import Grant
from core.accounts.models import Contact


@dataclass(frozen=True)
class Sender:
    """Whom an address belongs to, and the clients they write for."""

    name: str
    email: str
    user: Any = None
    client_ids: frozenset[int] = frozenset()

    @property
    def is_ours(self) -> bool:
        return self.user is not None and self.user.is_staff


def find_sender(email: str, name: str) -> Sender:
    """Return whom an address belongs to. Without a client: nobody we know."""
    user = get_user_model().objects.filter(email__iexact=email, is_active=True).first()
    contacts = Contact.objects.filter(email__iexact=email).exclude(email="")
    rows = list(contacts.values_list("client_id", "name")[:50])
    clients: Iterable[int] = [client_id for client_id, _name in rows]
    if user is not None:
        clients = every_grant_of(user).clients_with(Grant.OPEN_TICKETS)
    shown = str(user) if user is not None else (rows[0][1] if rows else name or email)
    return Sender(shown, email, user, frozenset(clients))
