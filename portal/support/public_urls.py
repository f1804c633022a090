"""What a link of a mail opens, without signing in."""

from django.urls import path

from portal.support.rating_views import RateByLinkView

urlpatterns = [path("<str:token>/", RateByLinkView.as_view(), name="rate_by_link")]
