"""Reminders of invoices that fall due, and of those that are late."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DunningConfig(AppConfig):
    name = "billing.dunning"
    label = "dunning"
    verbose_name = _("Relances")
