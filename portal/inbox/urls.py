"""Where mail providers post what comes for us."""

from django.urls import path

from portal.inbox.views import IncomingView

app_name = "inbox"

urlpatterns = [path("<uuid:mailbox>/", IncomingView.as_view(), name="incoming")]
