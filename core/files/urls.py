"""Addresses of private files: sending one, and opening one by a signed link."""

from django.urls import path

from core.files import views

app_name = "files"
urlpatterns = [
    path("client/fichiers/preparer/", views.PrepareView.as_view(), name="prepare"),
    path("client/fichiers/<uuid:token>/", views.UploadView.as_view(), name="upload"),
    path("client/fichiers/<uuid:token>/terminer/", views.FinishView.as_view(), name="finish"),
    path("fichiers/<str:token>/", views.SignedLinkView.as_view(), name="signed"),
]
