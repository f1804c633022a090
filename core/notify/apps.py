from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "core.notify"
    label = "notify"
    verbose_name = "Avis et courriels"

    def ready(self):
        from core.notify import tasks  # noqa: F401  registers what does the owed work
