"""What the team may do to rows in the back-office, registered once per model.

Register at the very top of an app's wagtail_hooks.py, before any screen:

    register_permission_policy(Invoice, KeptRecordPolicy(Invoice))
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

READ = frozenset({"add", "change", "delete", "view"})
WRITE = frozenset({"add", "change", "delete"})


class TeamPolicy(ModelPermissionPolicy):
    """The rights of a group, the same on every row.

    An action is the name of a Django permission without its model: "view", "change", or one of
    ours such as "issue" for `issue_invoice`. "act" stands for the buttons of a record: whoever
    may change some rows of the model may press them, on locked rows too.

    For a policy row by row, override `narrow` (which rows a person reads) or `refuses` (which
    acts a row refuses to everybody).
    """

    def narrow(self, user: Any, rows: QuerySet) -> QuerySet:
        """Keep the rows that a member of the team may read."""
        return rows

    def refuses(self, action: str, record: Model) -> bool:
        """Tell whether a row refuses an act, whoever asks, superusers included."""
        return False

    def user_has_permission(self, user: Any, action: str) -> bool:
        return super().user_has_permission(user, "change" if action == "act" else action)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def allows(self, user: Any, action: str, record: Model) -> bool:
        """Tell whether this very row lets the person act, the rights of the group aside."""
        return not self.refuses(action, record) and self._reads(user, record)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action) and self.allows(user, action, instance)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Model
    ) -> bool:
        return any(self.user_has_permission_for_instance(user, act, instance) for act in actions)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet:
        if not self.user_has_any_permission(user, actions):
            return self.model._default_manager.none()
        return self.narrow(user, self.model._default_manager.all())

    def _reads(self, user: Any, record: Model) -> bool:
        if type(self).narrow is TeamPolicy.narrow or record.pk is None:
            return True
        return self.narrow(user, self.model._default_manager.filter(pk=record.pk)).exists()


class OwnerPolicy(TeamPolicy):
    """What only owners of the back-office touch: accounts, settings. No group gets rights on it."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(user.is_active and user.is_superuser)


class ClosedPolicy(TeamPolicy):
    """What nobody touches in the back-office, because code keeps it."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return False


class KeptRecordPolicy(TeamPolicy):
    """Rows that are kept: once `is_locked`, a row is neither edited nor deleted by anybody."""

    def refuses(self, action: str, record: Model) -> bool:
        return action in ("change", "delete") and record.pk is not None and self.is_locked(record)

    def is_locked(self, record: Model) -> bool:
        """Tell whether a row is kept as it is; by default what its `is_locked` says."""
        return bool(getattr(record, "is_locked", False))


class NeverDeletedPolicy(KeptRecordPolicy):
    """Rows that are never deleted, and no longer edited once locked."""

    def refuses(self, action: str, record: Model) -> bool:
        return action == "delete" or super().refuses(action, record)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class ReadOnlyPolicy(TeamPolicy):
    """Rows that the system writes: read by whoever may view them, edited by nobody.

    Their buttons ("act") are for whoever holds the right to change, which a group may be given.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in WRITE and super().user_has_permission(user, action)


class OwnersJournalPolicy(ReadOnlyPolicy, OwnerPolicy):
    """Technical rows that the system writes and that owners alone read."""


class SettingsPolicy(NeverDeletedPolicy, OwnerPolicy):
    """What the whole house rests on: changed by owners, never deleted."""
