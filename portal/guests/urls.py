"""The portal by link: the address of the link, then clean ones."""

from django.urls import path

from portal.guests import views

app_name = "guests"
urlpatterns = [
    path("", views.PortalView.as_view(), name="portal"),
    path("question/", views.QuestionView.as_view(), name="question"),
    path("<slug:token>/", views.EnterView.as_view(), name="enter"),
]
