"""The public knowledge base."""

app_name = "knowledge"
urlpatterns: list = []
