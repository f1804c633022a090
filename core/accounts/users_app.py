"""Wagtail's user screens, with our own viewset in place of the stock one."""

from wagtail.users.apps import WagtailUsersAppConfig


class NourxUsersConfig(WagtailUsersAppConfig):
    """`wagtail.users`, closed against escalation: owners keep accounts, code keeps groups."""

    user_viewset = "core.backoffice.users.AccountViewSet"

    def ready(self) -> None:
        from django.contrib.auth.models import Group
        from wagtail.permissions import register_permission_policy

        from core.access.policies import ClosedPolicy
        from core.accounts.models import User
        from core.accounts.policies import AccountPolicy

        register_permission_policy(User, AccountPolicy(User))
        register_permission_policy(Group, ClosedPolicy(Group))
