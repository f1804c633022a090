from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "core.accounts"
    label = "accounts"
    verbose_name = "Comptes"
    default = True

    def ready(self):
        from core.accounts import (  # noqa: F401
            acts,
            brand,
            personal_data,
            quarantine,
            queries,
            receivers,
            tasks,
        )
