"""Reminders of invoices that fall due, and of those that are late."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DunningConfig(AppConfig):
    name = "billing.dunning"
    label = "dunning"
    verbose_name = _("Relances")

    def ready(self) -> None:
        """Say which owed work this app does."""
        from billing.dunning import tasks  # noqa: F401
