"""What the team may do to the rows of steering."""

from typing import Any

from core.access.policies import NeverDeletedPolicy


class ReportPolicy(NeverDeletedPolicy):
    """Reports are drafted by the system, or from their project; they are kept."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "add" and super().user_has_permission(user, action)
