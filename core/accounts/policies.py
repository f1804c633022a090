"""What the team may do to accounts."""

from typing import Any

from django.db.models import Model

from core.access.policies import OwnerPolicy


class AccountPolicy(OwnerPolicy):
    """Owners keep accounts. An account is closed, never deleted: the audit log names it."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)

    def refuses(self, action: str, record: Model) -> bool:
        return action == "delete"
