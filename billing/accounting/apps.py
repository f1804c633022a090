"""Journals, accounts and exports for the accountant."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountingConfig(AppConfig):
    name = "billing.accounting"
    label = "accounting"
    verbose_name = _("Comptabilité")
