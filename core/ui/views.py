"""The style guide: every component once, for the team."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.ui.samples import sample_content


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component, to the team only."""
    if not (request.user.is_authenticated and request.user.is_staff):
        raise Http404
    now = timezone.now()
    return render(request, "styleguide.html", sample_content(now, timezone.localdate(now)))
