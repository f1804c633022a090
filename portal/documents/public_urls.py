"""What a link of sharing opens, without signing in."""

from django.urls import path

from portal.documents.views.links import SharedDocumentView

urlpatterns = [path("<str:token>/", SharedDocumentView.as_view(), name="shared_document")]
