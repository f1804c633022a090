from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "core.workdays"
    label = "workdays"
    verbose_name = "Jours ouvrés"
