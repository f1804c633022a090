from django.apps import AppConfig


class WorkloadConfig(AppConfig):
    name = "portal.workload"
    label = "workload"
    verbose_name = "Charge de travail"

    def ready(self) -> None:
        from portal.workload import receivers  # noqa: F401  they follow tasks
