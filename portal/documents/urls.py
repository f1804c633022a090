"""Documents of a client."""

from django.urls import path

from portal.documents import views

app_name = "documents"
urlpatterns = [
    path("documents/", views.DocumentListView.as_view(), name="list"),
    path("documents/deposer/", views.HandInView.as_view(), name="hand_in"),
    path("documents/<int:pk>/v<int:number>/", views.DownloadView.as_view(), name="download"),
]
