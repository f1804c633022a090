"""Addresses of quotes and invoices in the client’s space."""

app_name = "invoicing"
urlpatterns: list = []
