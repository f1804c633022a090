"""Every change to accounts: who belongs to which client, who is invited, what a profile says."""

from core.accounts.services.analytics import count_act, send_act
from core.accounts.services.clients import (
    CannotArchive,
    archive_client,
    measure_health,
    restore_client,
    tag_client,
    untag_client,
)
from core.accounts.services.closing import NoOwnerLeft, open_or_close_account
from core.accounts.services.consent import set_analytics
from core.accounts.services.erasure import (
    IsOfTheTeam,
    NotOpen,
    ask_erasure,
    erase_account,
    refuse_erasure,
    take_erasure_up,
)
from core.accounts.services.exports import (
    DATA_EXPORT,
    ask_export,
    make_export,
    record_download,
    remove_old_exports,
)
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
    end_session,
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
from core.accounts.services.sign_ins import (
    forget_old_sign_ins,
    forget_sign_ins_of,
    keep_sign_in,
)
from core.accounts.services.staff import give_staff_role

__all__ = [
    "DATA_EXPORT",
    "LOGIN_CODE",
    "PASSWORD_LINK",
    "AccountExists",
    "CannotArchive",
    "CannotLimit",
    "InvitationOver",
    "IsOfTheTeam",
    "LastOwner",
    "NoOwnerLeft",
    "NotOpen",
    "NotTheInvited",
    "UnknownProject",
    "accept_invitation",
    "account_of",
    "add_member",
    "archive_client",
    "ask_erasure",
    "ask_export",
    "ask_login_code",
    "ask_password_link",
    "change_profile",
    "change_role",
    "count_act",
    "end_session",
    "end_sessions",
    "erase_account",
    "find_invitation",
    "forget_old_sign_ins",
    "forget_sign_ins_of",
    "give_staff_role",
    "invite_member",
    "invite_staff",
    "join_with_account",
    "keep_sign_in",
    "make_export",
    "measure_health",
    "open_or_close_account",
    "record_download",
    "refuse_erasure",
    "remove_member",
    "remove_old_exports",
    "restore_client",
    "revoke_invitation",
    "send_act",
    "send_login_code",
    "send_password_link",
    "set_analytics",
    "tag_client",
    "take_erasure_up",
    "untag_client",
]
