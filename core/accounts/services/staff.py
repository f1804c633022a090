"""Who is of the team, and in which role."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.access.staff_roles import StaffRole, put_in_role, role_of
from core.accounts.models import User
from core.accounts.services.closing import keep_an_owner
from core.accounts.services.memberships import end_sessions
from core.audit.log import record


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
        keep_an_owner(user)
    put_in_role(user, role)
    record("staff_role_given", user, actor=actor, changes={"role": [former, role]})
    end_sessions(user)
    return user


def _require_owner(actor: Any) -> None:
    if actor is not None and not actor.is_superuser:
        raise PermissionDenied("only owners keep the team")
