from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "core.files"
    label = "files"
    verbose_name = "Fichiers privés"

    def ready(self) -> None:
        from core.files import checks, signals, tasks  # noqa: F401  registered by being read
