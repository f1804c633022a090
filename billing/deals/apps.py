"""From a sale that was won: its payment, its project, its quote."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealsConfig(AppConfig):
    name = "billing.deals"
    label = "deals"
    verbose_name = _("Affaires gagnées")

    def ready(self) -> None:
        from billing.deals import queries, receivers  # noqa: F401  register
        from billing.payments.queries import add_rules

        add_rules(queries.RULES)
