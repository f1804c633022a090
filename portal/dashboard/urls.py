"""The client’s home page."""

app_name = "dashboard"
urlpatterns: list = []
