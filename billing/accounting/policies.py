"""What the team may do to the books in the back-office."""

from typing import Any

from core.access.policies import WRITE, TeamPolicy


class OwnersChangePolicy(TeamPolicy):
    """Settings that whoever may view reads, and that owners of the back-office alone change."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action in WRITE or action == "act":
            return bool(user.is_active and user.is_superuser)
        return super().user_has_permission(user, action)


class KeptSettingsPolicy(OwnersChangePolicy):
    """The same, for rows that are neither added nor deleted by hand."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in ("add", "delete") and super().user_has_permission(user, action)
