"""Projects and tasks of a client."""

app_name = "projects"
urlpatterns: list = []
