from django.apps import AppConfig


class SteeringConfig(AppConfig):
    name = "portal.steering"
    label = "steering"
    verbose_name = "Pilotage des projets"

    def ready(self):
        from portal.steering import tasks  # noqa: F401  registers what does the owed work
