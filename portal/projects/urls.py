"""Projects and tasks of a client."""

from django.urls import path

from portal.projects import views

app_name = "projects"
urlpatterns = [
    path("projets/", views.ProjectListView.as_view(), name="list"),
    path("projets/<int:pk>/", views.ProjectDetailView.as_view(), name="detail"),
    path("projets/<int:pk>/roadmap/", views.RoadmapView.as_view(), name="roadmap"),
    path("taches/", views.TaskListView.as_view(), name="tasks"),
    path("taches/<int:pk>/", views.TaskDetailView.as_view(), name="task"),
]
