from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "core.backoffice"
    label = "backoffice"
    verbose_name = "Back-office"
