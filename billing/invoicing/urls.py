"""Quotes and invoices of a client."""

app_name = "invoicing"
urlpatterns: list = []
