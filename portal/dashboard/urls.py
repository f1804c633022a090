"""The client's home page."""

from django.urls import path

from portal.dashboard import views

app_name = "dashboard"
urlpatterns = [path("", views.DashboardView.as_view(), name="home")]
