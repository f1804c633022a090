"""Pages of the site itself."""

from django.urls import path

from core.ui import installing, views

app_name = "ui"
urlpatterns = [
    path("charte/", views.styleguide, name="styleguide"),
    path("hors-connexion/", installing.offline, name="offline"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("sw.js", installing.service_worker, name="service_worker"),
]
