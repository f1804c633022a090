"""Every change to accounts: who belongs to which client, who is invited, what a profile says."""

from core.accounts.services.memberships import (
    CannotLimit,
    LastOwner,
    UnknownProject,
    add_member,
    change_role,
    remove_member,
)
from core.accounts.services.staff import give_staff_role

__all__ = [
    "CannotLimit",
    "LastOwner",
    "UnknownProject",
    "add_member",
    "change_role",
    "give_staff_role",
    "remove_member",
]
