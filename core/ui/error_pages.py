"""The pages that say something went wrong: what happened, what to do, a number to quote."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer 404: nothing here, or nothing for this person."""
    return _page(request, "404.html", 404)


def refused(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer 403: the person may not do this."""
    return _page(request, "403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form that was open too long or came from elsewhere."""
    return _page(request, "403.html", 403, is_stale_form=True)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500, without a query or anything else that could fail again."""
    reference = getattr(request, "request_id", "")
    page = render_to_string("500.html", {"request_id": reference})  # no request: no session
    return HttpResponse(page, status=500)


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    context["request_id"] = getattr(request, "request_id", "")
    return render(request, template, context, status=status)
