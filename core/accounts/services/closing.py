"""Which accounts may sign in at all. An account is closed, never deleted: the log names it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from core import hooks
from core.accounts.models import User
from core.accounts.services.memberships import end_sessions
from core.audit.log import record
from core.notify.team import tell_staff


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


class CannotTakeOver(Exception):
    """Who would take the work over is not of the team, or has left it."""


@transaction.atomic
def close_and_hand_over(*, user: User, to: User | None, actor: Any, at: datetime) -> int:
    """Shut an account; what its person looks after goes to `to`, or stays under its name.

    Return how many rows changed hands. Who takes over is told once.

    :raises PermissionDenied: if the actor is not an owner, or closes their own account.
    :raises NoOwnerLeft: if this shuts the last owner out.
    :raises CannotTakeOver: if `to` is not of the team, has left it, or is the person.
    """
    if user.pk == actor.pk:
        raise PermissionDenied("nobody closes their own account")
    open_or_close_account(user=user, is_active=False, actor=actor)
    if to is None:
        return 0
    heir = User.objects.select_for_update().get(pk=to.pk)
    if heir.pk == user.pk or not (heir.is_staff and heir.is_active):
        raise CannotTakeOver(heir)
    given = {str(one.label): _give(one, heir) for one in hooks.belongings(user)}
    count = sum(given.values())
    if count:
        _tell_heir(heir, user, given, actor, at)
    return count


def _give(kind: hooks.Belongings, heir: User) -> int:
    """Write the new name on open rows; whoever edits one of them now is told it changed."""
    names = {field.name for field in kind.rows.model._meta.concrete_fields}
    changed: dict[str, Any] = {kind.field: heir}
    if "version" in names:
        changed["version"] = F("version") + 1
    if "updated_at" in names:
        changed["updated_at"] = Now()
    return kind.rows.update(**changed)


def _tell_heir(heir: User, former: User, given: dict[str, int], actor: Any, at: datetime) -> None:
    words = ", ".join(f"{label} : {count}" for label, count in given.items() if count)
    record("belongings_given", former, actor=actor, to=heir.pk, reason=f"{heir} · {words}")
    tell_staff(
        "belongings-given",
        to=[heir],
        text=_("Le travail de %(name)s vous est confié.") % {"name": former},
        detail=words,
        url=reverse("wagtailadmin_home"),
        key=f"{former.pk}:{heir.pk}:{at.isoformat()}",
        actor=actor,
    )


def keep_an_owner(user: User) -> None:
    """Lock the owners, and refuse to lose the last one who can sign in.

    :raises NoOwnerLeft: if this account is the only one.
    """
    owners = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    if {owner.pk for owner in owners.order_by("pk")} == {user.pk}:
        raise NoOwnerLeft(user)
