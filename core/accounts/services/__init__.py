"""Every change to accounts: who belongs to which client, who is invited, what a profile says."""

from core.accounts.services.closing import NoOwnerLeft, open_or_close_account
from core.accounts.services.invitations import (
    AccountExists,
    InvitationOver,
    NotTheInvited,
    accept_invitation,
    account_of,
    find_invitation,
    invite_member,
    invite_staff,
    join_with_account,
    revoke_invitation,
)
from core.accounts.services.memberships import (
    CannotLimit,
    LastOwner,
    UnknownProject,
    add_member,
    change_role,
    end_sessions,
    remove_member,
)
from core.accounts.services.passwords import (
    LOGIN_CODE,
    PASSWORD_LINK,
    ask_login_code,
    ask_password_link,
    send_login_code,
    send_password_link,
)
from core.accounts.services.profiles import change_profile
from core.accounts.services.staff import give_staff_role

__all__ = [
    "LOGIN_CODE",
    "PASSWORD_LINK",
    "AccountExists",
    "CannotLimit",
    "InvitationOver",
    "LastOwner",
    "NoOwnerLeft",
    "NotTheInvited",
    "UnknownProject",
    "accept_invitation",
    "account_of",
    "add_member",
    "ask_login_code",
    "ask_password_link",
    "change_profile",
    "change_role",
    "end_sessions",
    "find_invitation",
    "give_staff_role",
    "invite_member",
    "invite_staff",
    "join_with_account",
    "open_or_close_account",
    "remove_member",
    "revoke_invitation",
    "send_login_code",
    "send_password_link",
]
