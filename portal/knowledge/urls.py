"""The knowledge base."""

from django.urls import path

from portal.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("", views.article_list, name="list"),
    path("<slug:slug>/", views.article_detail, name="article"),
    path("<slug:slug>/avis/", views.article_vote, name="vote"),
]
