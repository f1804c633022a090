"""The client's home page."""

from django.urls import path

from portal.dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("", views.DashboardView.as_view(), name="home"),
    path("a-faire/", views.ToDosView.as_view(), name="to_dos"),
    path("projet-courant/", views.CurrentProjectView.as_view(), name="choose_project"),
]
