from django.apps import AppConfig


class SteeringConfig(AppConfig):
    name = "portal.steering"
    label = "steering"
    verbose_name = "Pilotage des projets"
