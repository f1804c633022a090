"""Opening accounts by invitation: a link by e-mail, good once and for some days."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import rls
from core.accounts.models import Client, Invitation, User
from core.accounts.services.memberships import add_member, check_limit, require_member_manager
from core.accounts.services.staff import give_staff_role
from core.audit.log import record
from core.notify.mail import owe_mail


class InvitationOver(Exception):
    """The link is unknown, used, revoked or too old. Nobody is told which."""


class AccountExists(Exception):
    """The invited address has an account already: its person accepts by signing in."""


class NotTheInvited(Exception):
    """Somebody else than the invited person is signed in."""


@transaction.atomic
def invite_member(
    *,
    client: Client,
    email: str,
    role: str,
    actor: Any,
    at: datetime,
    name: str = "",
    is_limited: bool = False,
    project_ids: Iterable[int] = (),
) -> Invitation:
    """Invite a person to act for a client. An earlier invitation there is revoked.

    :raises PermissionDenied: if the actor may not manage the members of this client.
    :raises CannotLimit: if the role cannot be limited to some projects.
    """
    require_member_manager(actor, client.pk)
    check_limit(role=role, is_limited=is_limited)
    invitation = Invitation(
        client=client, role=role, is_limited=is_limited, project_ids=sorted(project_ids)
    )
    return _send(invitation, email=email, name=name, actor=actor, at=at)


@transaction.atomic
def invite_staff(*, email: str, role: str, actor: Any, at: datetime, name: str = "") -> Invitation:
    """Invite a person into the team. An earlier invitation there is revoked.

    :raises PermissionDenied: if the actor is not an owner of the back-office.
    """
    _require_owner(actor)
    return _send(Invitation(staff_role=role), email=email, name=name, actor=actor, at=at)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: Any, at: datetime) -> None:
    """Close an invitation that nobody has accepted.

    :raises PermissionDenied: if the actor may not manage the members of this client, or the team.
    """
    if invitation.client_id:
        require_member_manager(actor, invitation.client_id)
    else:
        _require_owner(actor)
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at or locked.revoked_at:
        return
    locked.revoked_at = at
    locked.save(update_fields=["revoked_at", "updated_at"])
    record("invitation_revoked", locked, actor=actor, email=locked.email)


def find_invitation(token: str, *, at: datetime) -> Invitation:
    """Return the open invitation of a link.

    :raises InvitationOver: if there is none.
    """
    return _open_invitation(Invitation.objects.all(), token, at)


@transaction.atomic
def accept_invitation(
    *, token: str, first_name: str, last_name: str, password: str, at: datetime
) -> User:
    """Open the account of an invited person, with what the invitation gives.

    :raises InvitationOver: if the link is not good any more.
    :raises AccountExists: if the address has an account: it accepts by signing in.
    """
    invitation = _open_invitation(Invitation.objects.select_for_update(), token, at)
    if account_of(invitation) is not None:
        raise AccountExists(invitation.email)
    user = User.objects.create_user(
        invitation.email, password, first_name=first_name, last_name=last_name
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    _join(invitation, user, at)
    return user


@transaction.atomic
def join_with_account(*, token: str, user: User, at: datetime) -> User:
    """Give what an invitation gives to the account that is signed in.

    :raises InvitationOver: if the link is not good any more.
    :raises NotTheInvited: if the invitation is for another address.
    """
    invitation = _open_invitation(Invitation.objects.select_for_update(), token, at)
    if user.email.lower() != invitation.email.lower():
        raise NotTheInvited(user)
    _join(invitation, user, at)
    return user


def account_of(invitation: Invitation) -> User | None:
    """Return the account that the invited address has already."""
    return User.objects.filter(email__iexact=invitation.email).first()


def _send(invitation: Invitation, *, email: str, name: str, actor: Any, at: datetime) -> Invitation:
    """Write an invitation and owe its mail; the token is in the mail and nowhere else."""
    token = secrets.token_urlsafe(48)
    invitation.email, invitation.name = email.strip().lower(), name.strip()
    _revoke_earlier(invitation, at)
    invitation.token_hash = _hash(token)
    invitation.expires_at = at + timedelta(days=settings.INVITATION_DAYS)
    invitation.invited_by = actor
    invitation.save()
    record("member_invited", invitation, actor=actor, email=invitation.email)
    owe_mail(
        "account/invitation",
        key=f"invitation:{invitation.pk}",
        to=[invitation.email],
        context={
            "name": invitation.name,
            "client_name": invitation.client.name if invitation.client else "",
            "inviter": str(actor) if actor else "",
            "days": settings.INVITATION_DAYS,
            "url": f"{settings.BASE_URL}/invitation/{token}/",
        },
        client_id=invitation.client_id,
    )
    return invitation


def _require_owner(actor: Any) -> None:
    if actor is not None and not actor.is_superuser:
        raise PermissionDenied("only owners invite into the team")


def _revoke_earlier(invitation: Invitation, at: datetime) -> None:
    Invitation.objects.filter(
        email__iexact=invitation.email,
        client=invitation.client,
        accepted_at=None,
        revoked_at=None,
    ).update(revoked_at=at)


def _open_invitation(rows: Any, token: str, at: datetime) -> Invitation:
    found = rows.filter(
        token_hash=_hash(token), accepted_at=None, revoked_at=None, expires_at__gt=at
    ).first()
    if found is None:
        raise InvitationOver
    return found


def _join(invitation: Invitation, user: User, at: datetime) -> None:
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at", "updated_at"])
    if invitation.client_id:
        with rls.clients(invitation.client_id):
            add_member(
                user=user,
                client=Client.objects.get(pk=invitation.client_id),
                role=invitation.role,
                actor=None,
                is_limited=invitation.is_limited,
                project_ids=invitation.project_ids,
            )
    else:
        give_staff_role(user=user, role=invitation.staff_role, actor=invitation.invited_by)
    record("invitation_accepted", invitation, actor=user, user_id=user.pk)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
