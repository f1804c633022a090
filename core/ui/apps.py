"""The design system seen from Django: formats, icons and the tags templates are written with."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "core.ui"
    label = "ui"
