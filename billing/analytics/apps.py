"""Figures of the agency: time to be paid, ageing, revenue, forecast."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "billing.analytics"
    label = "analytics"
    verbose_name = _("Analyse")

    def ready(self) -> None:
        from billing.analytics import receivers  # noqa: F401
