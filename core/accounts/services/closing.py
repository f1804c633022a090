"""Which accounts may sign in at all. An account is closed, never deleted: the log names it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.accounts.models import User
from core.accounts.services.memberships import end_sessions
from core.audit.log import record


class NoOwnerLeft(Exception):
    """Nobody would be left to answer for the back-office."""


@transaction.atomic
def open_or_close_account(*, user: User, is_active: bool, actor: Any) -> User:
    """Let an account sign in, or shut it and end its sessions.

    :raises PermissionDenied: if the actor is a person and not an owner of the back-office.
    :raises NoOwnerLeft: if this shuts the last owner out.
    """
    if actor is not None and not actor.is_superuser:
        raise PermissionDenied("only owners open and close accounts")
    if user.is_active == is_active:
        return user
    if not is_active:
        keep_an_owner(user)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    record("account_opened" if is_active else "account_closed", user, actor=actor)
    if not is_active:
        end_sessions(user)
    return user


def keep_an_owner(user: User) -> None:
    """Lock the owners, and refuse to lose the last one who can sign in.

    :raises NoOwnerLeft: if this account is the only one.
    """
    owners = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    if {owner.pk for owner in owners.order_by("pk")} == {user.pk}:
        raise NoOwnerLeft(user)
