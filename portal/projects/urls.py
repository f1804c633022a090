"""Projects and tasks of a client."""

from django.urls import path

from portal.projects import task_urls, views

app_name = "projects"
urlpatterns = [
    path("projets/", views.ProjectListView.as_view(), name="list"),
    path("projets/<int:pk>/", views.ProjectDetailView.as_view(), name="detail"),
    path("projets/<int:pk>/roadmap/", views.RoadmapView.as_view(), name="roadmap"),
    *task_urls.urlpatterns,
]
