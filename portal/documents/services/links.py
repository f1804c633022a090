"""Links that open one version of a document without an account, until they end."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q

from core.access.grants import require
from core.access.roles import Grant
from core.audit.log import record
from portal.documents.models import DocumentVersion, ProjectDocument, ShareLink
from portal.documents.tokens import TOKEN_BYTES, digest_of


@transaction.atomic
def create_link(
    *, version: DocumentVersion, life: timedelta, is_single: bool, actor: Any, at: datetime
) -> tuple[ShareLink, str]:
    """Make a link to a version, and return it with its token, which is kept nowhere.

    :raises PermissionDenied: if the client does not read the document, or the person neither
        takes part there nor belongs to the team.
    """
    if not version.document.is_shared:
        raise PermissionDenied("an internal document is not shared by link")
    _require(version.client_id, actor)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ShareLink.objects.create(
        version=version,
        token_hash=digest_of(token),
        is_single=is_single,
        created_by=actor,
        created_at=at,
        ends_at=at + life,
    )
    record(
        "document_link_created",
        version.document,
        actor=actor,
        link=link.pk,
        version=version.number,
        ends_at=link.ends_at.isoformat(),
        is_single=is_single,
    )
    return link, token


@transaction.atomic
def revoke_link(*, link: ShareLink, actor: Any, at: datetime) -> None:
    """Have a link open nothing from now on. One that was cut already stays as it is.

    :raises PermissionDenied: if the person neither takes part there nor belongs to the team.
    """
    _require(link.client_id, actor)
    if ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=at):
        record("document_link_revoked", link.version.document, actor=actor, link=link.pk)


@transaction.atomic
def revoke_links(*, document: ProjectDocument, actor: Any, at: datetime) -> None:
    """Have every link of a document open nothing from now on.

    :raises PermissionDenied: if the person neither takes part there nor belongs to the team.
    """
    links = ShareLink.objects.filter(version__document=document, revoked_at=None)
    for link in links.select_related("version__document"):
        revoke_link(link=link, actor=actor, at=at)


@transaction.atomic
def open_link(*, link: ShareLink, address: str, at: datetime) -> bool:
    """Count that a link is used, from this network address; tell whether it still could be.

    Of two people who use a link good for one opening at the same instant, one is told no.
    """
    usable = ShareLink.objects.filter(Q(is_single=False) | Q(opens=0), pk=link.pk)
    counted = usable.filter(revoked_at=None, ends_at__gt=at).update(
        opens=F("opens") + 1, last_opened_at=at
    )
    if counted:
        record(
            "document_link_opened",
            link.version.document,
            link=link.pk,
            version=link.version.number,
            address=address,
        )
    return bool(counted)


def _require(client_id: int, actor: Any) -> None:
    if not actor.is_staff:
        require(actor, Grant.TAKE_PART, client_id)
