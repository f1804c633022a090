"""Documents of a client."""

from django.urls import path

from portal.documents.views import deposits, links, reading, requests

app_name = "documents"
urlpatterns = [
    path("documents/", reading.DocumentListView.as_view(), name="list"),
    path("documents/deposer/", deposits.HandInView.as_view(), name="hand_in"),
    path("documents/demandes/<int:pk>/", requests.RequestView.as_view(), name="request"),
    path("documents/<int:pk>/", reading.DocumentView.as_view(), name="detail"),
    path("documents/<int:pk>/v<int:number>/", reading.DownloadView.as_view(), name="download"),
    path("documents/<int:pk>/version/", deposits.AddVersionView.as_view(), name="add_version"),
    path("documents/<int:pk>/renommer/", deposits.RenameView.as_view(), name="rename"),
    path("documents/<int:pk>/partager/", links.ShareView.as_view(), name="share"),
    path("documents/liens/<int:pk>/couper/", links.RevokeLinkView.as_view(), name="revoke_link"),
]
