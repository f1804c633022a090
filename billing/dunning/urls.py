"""Addresses of what a client says about an unpaid invoice."""

from django.urls import path

from billing.dunning import views

app_name = "dunning"
urlpatterns = [
    path("factures/<str:number>/promesse/", views.PromiseView.as_view(), name="promise"),
    path("factures/<str:number>/contester/", views.ContestView.as_view(), name="contest"),
]
