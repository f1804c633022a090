from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "core.accounts"
    label = "accounts"
    verbose_name = "Comptes"
    default = True

    def ready(self):
        from core.accounts import acts, brand, quarantine, queries, receivers, tasks  # noqa: F401
