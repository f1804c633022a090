"""Where a receipt is verified."""

from django.urls import path

from billing.proofs import views

app_name = "proofs"
urlpatterns = [
    path("verifier/", views.verify_page, name="verify"),
    path("verifier/etat/", views.state, name="state"),
    path("verifier/cles.json", views.keys, name="keys"),
]
