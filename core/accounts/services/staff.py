"""Who is of the team, in which role, and whose account is open."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.access.staff_roles import StaffRole, put_in_role, role_of
from core.accounts.models import User
from core.accounts.services.memberships import end_sessions
from core.audit.log import record


class NoOwnerLeft(Exception):
    """Nobody would be left to answer for the back-office."""


@transaction.atomic
def give_staff_role(*, user: User, role: str, actor: Any) -> User:
    """Give an account one role in the team and no other; an empty role takes it out.

    Its open sessions end, so that the next sign-in asks what the new role demands.

    :raises PermissionDenied: if the actor is a person and not an owner of the back-office.
    :raises NoOwnerLeft: if this takes the role of the last owner away.
    :raises ValueError: if there is no such role.
    """
    _require_owner(actor)
    former = role_of(user)
    if former == role and user.is_staff == bool(role):
        return user
    if former == StaffRole.OWNER:
        _keep_an_owner(user)
    put_in_role(user, role)
    record("staff_role_given", user, actor=actor, changes={"role": [former, role]})
    end_sessions(user)
    return user


@transaction.atomic
def open_or_close_account(*, user: User, is_active: bool, actor: Any) -> None:
    """Let an account sign in, or shut it and end its sessions. Accounts are never deleted.

    :raises PermissionDenied: if the actor is a person and not an owner of the back-office.
    :raises NoOwnerLeft: if this shuts the last owner out.
    """
    _require_owner(actor)
    if user.is_active == is_active:
        return
    if user.is_superuser and not is_active:
        _keep_an_owner(user)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    record("account_opened" if is_active else "account_closed", user, actor=actor)
    if not is_active:
        end_sessions(user)


def _require_owner(actor: Any) -> None:
    if actor is not None and not actor.is_superuser:
        raise PermissionDenied("only owners keep the team")


def _keep_an_owner(user: User) -> None:
    """Lock the owners, and refuse to lose the last one who can sign in."""
    owners = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    if [owner.pk for owner in owners.order_by("pk")] == [user.pk]:
        raise NoOwnerLeft(user)
