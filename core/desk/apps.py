from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "core.desk"
    label = "desk"
    verbose_name = "Poste de travail"
