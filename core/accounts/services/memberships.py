"""Who acts for a client, in what role: the membership, and the grants that follow from it."""

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from guardian.utils import get_user_obj_perms_model

from core.access.grants import forget_grants, require
from core.access.roles import GRANTS_OF_ROLE, PROJECT_GRANT, Grant, Role
from core.accounts.models import Client, ClientGroupGrant, Invitation, Membership, User
from core.audit.log import record
from core.counting import forget_counts
from core.notify.digests import forget_waiting

MAY_BE_LIMITED = (Role.PROJECT, Role.GUEST)


class LastOwner(Exception):
    """The client would be left without anybody to answer for it."""


class CannotLimit(Exception):
    """The role is not one that is limited to some projects."""


class UnknownProject(Exception):
    """A project is not one of the client's."""


@transaction.atomic
def add_member(
    *,
    user: User,
    client: Client,
    role: str,
    actor: Any,
    is_limited: bool = False,
    project_ids: Iterable[int] = (),
) -> Membership:
    """Let an account act for a client. Somebody who is a member already gets the new role.

    :raises PermissionDenied: if the actor may not manage the members of this client.
    :raises CannotLimit: if the role cannot be limited to some projects.
    :raises UnknownProject: if a project is not one of the client's.
    """
    require_member_manager(actor, client.pk)
    check_limit(role=role, is_limited=is_limited)
    former = Membership.objects.select_for_update().filter(user=user, client=client).first()
    if former is not None:
        return _rewrite(former, role, is_limited, project_ids, actor)
    member = Membership.objects.create(user=user, client=client, role=role, is_limited=is_limited)
    _open(member, project_ids)
    record("member_added", member, actor=actor, user_id=user.pk, role=role)
    return member


@transaction.atomic
def change_role(
    *,
    membership: Membership,
    role: str,
    actor: Any,
    is_limited: bool = False,
    project_ids: Iterable[int] = (),
) -> Membership:
    """Give a member another role, or other projects; the former grants end at once.

    :raises PermissionDenied: if the actor may not manage the members of this client.
    :raises LastOwner: if a client takes the role of its only owner away.
    :raises CannotLimit: if the role cannot be limited to some projects.
    :raises UnknownProject: if a project is not one of the client's.
    """
    require_member_manager(actor, membership.client_id)
    check_limit(role=role, is_limited=is_limited)
    if role != Role.OWNER:
        _keep_an_owner(membership, actor)
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    return _rewrite(locked, role, is_limited, project_ids, actor)


@transaction.atomic
def remove_member(*, membership: Membership, actor: Any) -> None:
    """End a membership: grants, projects, open sessions and open invitations go with it.

    :raises PermissionDenied: if the actor may not manage the members of this client.
    :raises LastOwner: if a client removes its only owner.
    """
    require_member_manager(actor, membership.client_id)
    _keep_an_owner(membership, actor)
    _close(membership)
    record(
        "member_removed",
        membership,
        actor=actor,
        user_id=membership.user_id,
        role=membership.role,
    )
    _revoke_invitations_of(membership, actor)
    membership.delete()
    end_sessions(membership.user)


def end_sessions(user: User) -> None:
    """Sign a person out everywhere, in the cache too, when the transaction commits."""

    def end() -> None:
        for session in UserSession.objects.filter(user=user):
            session.end()

    transaction.on_commit(end)


def end_session(*, session: UserSession) -> None:
    """Sign one device out."""
    session.end()


@transaction.atomic
def close_team_session(*, session: UserSession, actor: Any) -> None:
    """Sign one device of somebody of the team out, on the record.

    :raises PermissionDenied: if the actor is not an owner of the back-office.
    """
    if not actor.is_superuser:
        raise PermissionDenied("only owners close the sessions of others")
    record("session_closed", session.user, actor=actor)
    transaction.on_commit(session.end)


def require_member_manager(actor: Any, client_id: int) -> None:
    """Let the team and the system pass; ask anybody else for the grant at this client.

    :raises PermissionDenied: if the grant is missing.
    """
    if actor is not None and not actor.is_staff:
        require(actor, Grant.MANAGE_MEMBERS, client_id)


def check_limit(*, role: str, is_limited: bool) -> None:
    """Refuse to limit a role which needs the whole client.

    :raises CannotLimit: if it does.
    """
    if is_limited and role not in MAY_BE_LIMITED:
        raise CannotLimit(role)


def _keep_an_owner(membership: Membership, actor: Any) -> None:
    """Lock the owners, and refuse to lose the last one. The team may: it answers for it."""
    if actor is None or actor.is_staff:
        return
    owners = Membership.objects.select_for_update().filter(
        client_id=membership.client_id, role=Role.OWNER
    )
    if {owner.pk for owner in owners.order_by("pk")} == {membership.pk}:
        raise LastOwner(membership)


def _rewrite(
    member: Membership, role: str, is_limited: bool, project_ids: Iterable[int], actor: Any
) -> Membership:
    before = member.role
    if Grant.MANAGE_MEMBERS not in GRANTS_OF_ROLE[role]:
        _revoke_invitations_of(member, actor)
    _close(member)
    member.role, member.is_limited = role, is_limited
    member.save(update_fields=["role", "is_limited", "updated_at"])
    _open(member, project_ids)
    record(
        "member_role_changed",
        member,
        actor=actor,
        changes={"role": [before, role]},
        user_id=member.user_id,
    )
    return member


def _revoke_invitations_of(member: Membership, actor: Any) -> None:
    """Close the invitations of somebody who may invite no more: they could come back by one."""
    sent = Invitation.objects.filter(
        invited_by=member.user, client_id=member.client_id, accepted_at=None, revoked_at=None
    )
    for invitation in sent.select_for_update():
        invitation.revoked_at = Now()
        invitation.save(update_fields=["revoked_at", "updated_at"])
        record("invitation_revoked", invitation, actor=actor)


def _open(member: Membership, project_ids: Iterable[int]) -> None:
    member.user.groups.add(_group(member.client_id, member.role, member.is_limited))
    if member.is_limited:
        _open_projects(member, set(project_ids))
    forget_grants(member.user)
    forget_counts(member.client_id)


def _open_projects(member: Membership, wanted: set[int]) -> None:
    project: Any = apps.get_model(settings.ACCESS_BRANCH)
    found = project.objects.filter(pk__in=wanted, client_id=member.client_id)
    if {row.pk for row in found} != wanted:
        raise UnknownProject(sorted(wanted))
    permission = Permission.objects.get(
        codename=PROJECT_GRANT, content_type__app_label=project._meta.app_label
    )
    table: Any = get_user_obj_perms_model(project)
    table.objects.bulk_create(
        table(user=member.user, permission=permission, content_object_id=pk)
        for pk in sorted(wanted)
    )


def _close(member: Membership) -> None:
    groups = Group.objects.filter(name__startswith=f"client:{member.client_id}:")
    member.user.groups.remove(*groups)
    project: Any = apps.get_model(settings.ACCESS_BRANCH)
    table: Any = get_user_obj_perms_model(project)
    table.objects.filter(user=member.user, content_object__client_id=member.client_id).delete()
    forget_waiting(user_id=member.user_id, client_id=member.client_id)
    forget_grants(member.user)
    forget_counts(member.client_id)


def _group(client_id: int, role: str, is_limited: bool) -> Group:
    """Return the group of a role at a client, with exactly the grants the role gives."""
    grants = GRANTS_OF_ROLE[role]
    name = f"client:{client_id}:{role}"
    if is_limited:
        name, grants = f"{name}:limited", grants - {Grant.VIEW_PROJECTS}
    group, _is_new = Group.objects.get_or_create(name=name)
    held = ClientGroupGrant.objects.filter(group=group)
    held.exclude(permission__codename__in=grants).delete()
    missing = grants - set(held.values_list("permission__codename", flat=True))
    permissions = Permission.objects.filter(
        codename__in=missing, content_type__app_label="accounts", content_type__model="client"
    )
    ClientGroupGrant.objects.bulk_create(
        ClientGroupGrant(group=group, permission=permission, content_object_id=client_id)
        for permission in permissions
    )
    return group
