"""The Celery app. Schedules and broker live in settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nourx_site.settings.dev")

app = Celery("nourx")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
