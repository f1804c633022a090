"""Paying, and what providers call."""

app_name = "payments"
urlpatterns: list = []
