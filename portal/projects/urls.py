"""Projects and tasks of a client."""

from django.urls import path

from portal.projects import deliverable_views, roadmap_views, task_urls, views

app_name = "projects"
urlpatterns = [
    path("projets/", views.ProjectListView.as_view(), name="list"),
    path("projet/", views.CurrentProjectView.as_view(), name="current"),
    path("projet/choisir/", views.ChooseProjectView.as_view(), name="choose"),
    path("feuille-de-route/", roadmap_views.AllRoadmapsView.as_view(), name="roadmaps"),
    path("projets/<int:pk>/", views.ProjectDetailView.as_view(), name="detail"),
    path("projets/<int:pk>/roadmap/", roadmap_views.RoadmapView.as_view(), name="roadmap"),
    path(
        "projets/<int:pk>/jalons/<int:milestone>/",
        roadmap_views.MilestoneView.as_view(),
        name="milestone",
    ),
    path(
        "projets/<int:pk>/livrables/<int:deliverable>/",
        deliverable_views.DeliverableView.as_view(),
        name="deliverable",
    ),
    path(
        "projets/<int:pk>/livrables/fichiers/<int:file>/",
        deliverable_views.DeliverableFileView.as_view(),
        name="deliverable_file",
    ),
    path(
        "projets/<int:pk>/commentaires/fichiers/<int:file>/",
        deliverable_views.CommentFileView.as_view(),
        name="comment_file",
    ),
    path("projets/<int:pk>/avis/", deliverable_views.SurveyView.as_view(), name="survey"),
    *task_urls.urlpatterns,
]
