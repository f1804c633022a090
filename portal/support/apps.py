from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "portal.support"
    label = "support"
    verbose_name = "Support"

    def ready(self) -> None:
        from portal.support import receivers  # noqa: F401  follows holidays, does the owed work
