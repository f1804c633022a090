"""Making, opening and ending the link of a client's small portal."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from core.accounts.models import Client
from core.audit.log import record
from portal.guests.models import PortalLink

TOKEN_BYTES = 40  # 320 bits: 80 characters
HINT = 6
LIFE = timedelta(days=90)


@transaction.atomic
def make_link(*, client: Client, actor: Any, at: datetime) -> tuple[PortalLink, str]:
    """Make the link of a client and return it with its token, which nothing can show again.

    The former link, if any, opens nothing from now on.
    """
    Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    _end(client, at)
    token = secrets.token_hex(TOKEN_BYTES)
    link = PortalLink.objects.create(
        client=client,
        token_hash=hash_of(token),
        hint=token[:HINT],
        created_at=at,
        created_by=actor,
        expires_at=at + LIFE,
    )
    record("portal_link_made", client, actor=actor, hint=link.hint)
    return link, token


@transaction.atomic
def revoke_link(*, client: Client, actor: Any, at: datetime) -> bool:
    """End the link of a client. Tell whether there was one."""
    ended = _end(client, at)
    if ended:
        record("portal_link_revoked", client, actor=actor)
    return bool(ended)


def open_link(token: str, *, at: datetime) -> PortalLink | None:
    """Return the live link of a token and count the visit, or None.

    Unknown, expired and revoked cost the same and say the same.
    """
    link = PortalLink.objects.filter(token_hash=hash_of(token)).first()
    if link is None or not is_live(link, at):
        return None
    PortalLink.objects.filter(pk=link.pk).update(visits=F("visits") + 1, last_used_at=at)
    return link


def live_link(pk: int, *, at: datetime) -> PortalLink | None:
    """Return a link that was opened before, if it still opens."""
    link = PortalLink.objects.filter(pk=pk).first()
    return link if link is not None and is_live(link, at) else None


def is_live(link: PortalLink, at: datetime) -> bool:
    """Tell whether a link opens at a moment."""
    return link.revoked_at is None and at < link.expires_at


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _end(client: Client, at: datetime) -> int:
    return PortalLink.objects.filter(client=client, revoked_at=None).update(revoked_at=at)
