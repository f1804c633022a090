"""Tickets of a client."""

app_name = "support"
urlpatterns: list = []
