"""Tickets of a client."""

from django.urls import path
from django.views.generic import RedirectView

from portal.support import conversation, views

app_name = "support"
urlpatterns = [
    path("support/", RedirectView.as_view(pattern_name="support:list")),
    path("support/tickets/", views.TicketListView.as_view(), name="list"),
    path("support/nouveau/", views.NewTicketView.as_view(), name="new"),
    path("support/suggestions/", views.SuggestionView.as_view(), name="suggestions"),
    path("support/<int:pk>/", conversation.TicketView.as_view(), name="ticket"),
    path("support/<int:pk>/resolu/", conversation.SolveView.as_view(), name="solve"),
    path("support/<int:pk>/avis/", conversation.RateView.as_view(), name="rate"),
    path(
        "support/<int:pk>/fichiers/<int:file_pk>/",
        conversation.DownloadView.as_view(),
        name="download",
    ),
]
