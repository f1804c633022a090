"""Addresses for machines that watch the site."""

from django.urls import path

from core.access import health

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]
