"""Where money stands: settlements of providers, payouts, statements, transfers declared by clients."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TreasuryConfig(AppConfig):
    name = "billing.treasury"
    label = "treasury"
    verbose_name = _("Trésorerie")
