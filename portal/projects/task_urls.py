"""Addresses of a client's tasks."""

from django.urls import path

from portal.projects.task_views import acts, boards, details

urlpatterns = [
    path("taches/", boards.TaskListView.as_view(), name="tasks"),
    path("taches/<int:pk>/", details.TaskDetailView.as_view(), name="task"),
    path("taches/<int:pk>/deplacer/", acts.MoveTaskView.as_view(), name="move_task"),
    path("taches/<int:pk>/etapes/<int:step>/", acts.TickStepView.as_view(), name="tick_step"),
    path("taches/<int:pk>/commentaires/", acts.CommentTaskView.as_view(), name="comment_task"),
    path("taches/<int:pk>/fichiers/", acts.JoinFilesView.as_view(), name="join_task_files"),
    path("taches/<int:pk>/fichiers/<int:file>/", details.TaskFileView.as_view(), name="task_file"),
]
