"""Pages of the site itself."""

from django.urls import path

from core.ui import views

app_name = "ui"
urlpatterns = [
    path("charte/", views.styleguide, name="styleguide"),
    path("hors-connexion/", views.offline, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
]
