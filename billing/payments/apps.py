from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "billing.payments"
    label = "payments"
    verbose_name = "Paiements"

    def ready(self):
        from billing.payments import checks, receivers, tasks  # noqa: F401
        from billing.payments.paper_rules import RULES
        from billing.payments.queries import add_rules

        add_rules(RULES)
