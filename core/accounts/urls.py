"""Signing in and the profile: allauth's views at French addresses."""

from allauth.account import views as account
from django.urls import path

urlpatterns = [
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
]
