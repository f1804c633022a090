"""Where draft invoices come from: schedules, time spent."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SourcesConfig(AppConfig):
    name = "billing.sources"
    label = "sources"
    verbose_name = _("Factures récurrentes et temps")

    def ready(self) -> None:
        from billing.sources import receivers  # noqa: F401  connects them
