"""Tickets of a client."""

from django.urls import path
from django.views.generic import RedirectView

from portal.support import views

app_name = "support"
urlpatterns = [
    path("support/", RedirectView.as_view(pattern_name="support:list")),
    path("support/tickets/", views.TicketListView.as_view(), name="list"),
    path("support/nouveau/", views.NewTicketView.as_view(), name="new"),
    path("support/<int:pk>/", views.TicketView.as_view(), name="ticket"),
]
