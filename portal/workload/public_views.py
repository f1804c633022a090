"""The calendar of somebody of the team, at a private address: no session, read only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import rls
from portal.workload.services import feeds


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the dates of whoever made the address, or 404."""
    at = timezone.now()
    person = feeds.owner_of(token, on=timezone.localdate(at))
    if person is None or not person.has_perm("wagtailadmin.access_admin"):
        raise Http404
    with rls.staff("calendar: the dates of whoever of the team made this address"):
        text = feeds.feed_of(person, base=settings.BASE_URL, at=at)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = 'inline; filename="nourx.ics"'
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
