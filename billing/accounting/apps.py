"""Journals, accounts and exports for the accountant."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountingConfig(AppConfig):
    name = "billing.accounting"
    label = "accounting"
    verbose_name = _("Comptabilité")

    def ready(self) -> None:
        from billing.accounting import tasks  # noqa: F401  registers what does the owed work
