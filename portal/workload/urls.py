"""The private addresses of calendars."""

from django.urls import path

from portal.workload.public_views import calendar_feed

urlpatterns = [path("<str:token>.ics", calendar_feed, name="calendar_feed")]
