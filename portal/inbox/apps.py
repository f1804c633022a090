from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "portal.inbox"
    label = "inbox"
    verbose_name = "Courrier entrant"

    def ready(self) -> None:
        from portal.inbox import tasks  # noqa: F401  registers what does the owed work
