"""Projects and tasks of a client."""

from django.urls import path

from portal.projects import task_views, views

app_name = "projects"
urlpatterns = [
    path("projets/", views.ProjectListView.as_view(), name="list"),
    path("projets/<int:pk>/", views.ProjectDetailView.as_view(), name="detail"),
    path("projets/<int:pk>/roadmap/", views.RoadmapView.as_view(), name="roadmap"),
    path("taches/", task_views.TaskListView.as_view(), name="tasks"),
    path("taches/<int:pk>/", task_views.TaskDetailView.as_view(), name="task"),
]
