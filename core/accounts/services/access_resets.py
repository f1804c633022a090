"""What owners do for somebody of the team or of a client who cannot come in any more."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation

from core.accounts.models import Invitation, User
from core.accounts.services.invitations import invite_member, invite_staff
from core.accounts.services.memberships import end_sessions
from core.accounts.services.passwords import ask_password_link
from core.audit.log import record
from core.notify.mail import owe_mail


class NothingToReset(Exception):
    """The account has no second factor, or is closed."""


class InvitationAnswered(Exception):
    """The invitation was accepted or revoked: there is nothing to send again."""


@transaction.atomic
def send_link_to(*, user: User, actor: Any, at: datetime) -> None:
    """Have a person choose another password by a link sent to their address.

    :raises PermissionDenied: if the actor is not an owner, or asks for their own account.
    :raises NothingToReset: if the account is closed.
    """
    _require_owner_of_others(user, actor)
    if not user.is_active:
        raise NothingToReset(user)
    ask_password_link(email=user.email, at=at)
    record("password_link_sent", user, actor=actor)


@transaction.atomic
def reset_second_factor(*, user: User, reason: str, actor: Any, at: datetime) -> None:
    """Remove the second factors of a person, end their sessions, and tell them by mail.

    :raises PermissionDenied: if the actor is not an owner, or asks for their own account.
    :raises NothingToReset: if the account is closed or has no second factor.
    """
    _require_owner_of_others(user, actor)
    held = Authenticator.objects.select_for_update().filter(user=user)
    if not user.is_active or not held.exists():
        raise NothingToReset(user)
    Authenticator.objects.filter(user=user).delete()
    record("second_factor_reset", user, actor=actor, reason=reason)
    end_sessions(user)
    with translation.override(user.language):
        owe_mail(
            "account/second_factor_reset",
            key=f"second-factor-reset:{user.pk}:{at.isoformat()}",
            to=[user.email],
            context={
                "name": user.first_name,
                "url": settings.BASE_URL + settings.LOGIN_REDIRECT_URL,
            },
        )


def send_invitation_again(*, invitation: Invitation, actor: Any, at: datetime) -> Invitation:
    """Send another link to an invited person: the former one opens nothing any more.

    :raises PermissionDenied: if the actor may not invite there.
    :raises InvitationAnswered: if it was accepted or revoked.
    """
    with transaction.atomic():
        row = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if row.accepted_at or row.revoked_at:
            raise InvitationAnswered(row)
        common: dict[str, Any] = {"email": row.email, "name": row.name, "actor": actor, "at": at}
        if row.client is None:
            return invite_staff(role=row.staff_role, **common)
        return invite_member(
            client=row.client,
            role=row.role,
            is_limited=row.is_limited,
            project_ids=row.project_ids,
            **common,
        )


def _require_owner_of_others(user: User, actor: Any) -> None:
    if not actor.is_superuser:
        raise PermissionDenied("only owners reset the ways in of others")
    if user.pk == actor.pk:
        raise PermissionDenied("nobody resets their own ways in from here")
