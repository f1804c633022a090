"""Certification of invoices by the tax office of a country (FNE in Côte d’Ivoire)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiscalConfig(AppConfig):
    name = "billing.fiscal"
    label = "fiscal"
    verbose_name = _("Certification fiscale")

    def ready(self) -> None:
        from billing.fiscal import receivers, tasks  # noqa: F401  registers them
