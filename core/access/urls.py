"""Addresses for machines that watch the site, and the stream of what changes."""

from django.urls import path

from core.access import health
from core.access.live import live

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("client/direct/", live, name="live"),
]
