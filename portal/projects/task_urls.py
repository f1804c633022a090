"""Addresses of a client's tasks."""

from django.urls import path

from portal.projects import task_views

urlpatterns = [
    path("taches/", task_views.TaskListView.as_view(), name="tasks"),
    path("taches/<int:pk>/", task_views.TaskDetailView.as_view(), name="task"),
]
