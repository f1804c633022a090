"""Where money stands: settlements, payouts, statements of our accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TreasuryConfig(AppConfig):
    name = "billing.treasury"
    label = "treasury"
    verbose_name = _("Trésorerie")

    def ready(self) -> None:
        from billing.payments.queries import add_rules
        from billing.treasury import queries, receivers, tasks  # noqa: F401  register

        add_rules(queries.RULES)
