"""Where money stands: settlements, payouts, statements, transfers that clients declare."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TreasuryConfig(AppConfig):
    name = "billing.treasury"
    label = "treasury"
    verbose_name = _("Trésorerie")
