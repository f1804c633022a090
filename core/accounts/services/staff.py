"""Who is of the team, in which role: the groups of the back-office."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from core.accounts.models import User
from core.audit.log import record


@transaction.atomic
def give_staff_role(*, user: User, role: str, actor: Any) -> User:
    """Make an account one of the team, in one role and no other."""
    group, is_new = Group.objects.get_or_create(name=role)
    if is_new:
        group.permissions.add(
            Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin")
        )
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.groups.add(group)
    record("staff_role_given", user, actor=actor, role=role)
    return user
