"""Documents of a client."""

app_name = "documents"
urlpatterns: list = []
