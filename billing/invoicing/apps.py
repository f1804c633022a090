from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "billing.invoicing"
    label = "invoicing"
    verbose_name = "Facturation"

    def ready(self):
        from billing.invoicing import tasks  # noqa: F401  registers what does the owed work
