"""A form sent twice has one effect: the answer of the first time is given again.

The browser puts a key of its own in the field `cle` (or the header `Idempotency-Key`). The key is
kept in the transaction of the act, so that both are there or neither is. A browser that sends by
itself what waited for the network says so (`X-Outbox`), and is told where a person would have
been led instead of being led there.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect

from core.access.kept_forms import form_page
from core.access.models import Submission

FIELD, HEADER, BY_ITSELF = "cle", "Idempotency-Key", "X-Outbox"
ASIDE = "X-Aside"
KEPT_FOR = timedelta(days=30)
LONGEST_LOCATION = 500  # characters, as the column


def key_of(request: HttpRequest) -> uuid.UUID | None:
    """Return the key a form was sent under, if it has one that reads as such."""
    given = request.headers.get(HEADER) or request.POST.get(FIELD, "")
    try:
        return uuid.UUID(given) if given else None
    except ValueError:
        return None


def is_by_itself(request: HttpRequest) -> bool:
    """Tell whether the browser sends this by itself, with nobody to be led anywhere."""
    return BY_ITSELF in request.headers


def is_aside(request: HttpRequest) -> bool:
    """Tell whether a page asks this beside what its reader does: a suggestion, a fresh look."""
    return ASIDE in request.headers


def answer_once(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer a form once, and say where it led to a browser that sends by itself."""
    response = _answer_once(request, answer)
    if is_by_itself(request) and response.status_code in (301, 302, 303):
        return JsonResponse({"location": response.headers["Location"]})
    return response


def _answer_once(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer a form in one transaction, or give the answer it had the first time.

    Two at once wait for each other. A form that is refused keeps nothing: it may be corrected and
    sent again under the same key.
    """
    key = key_of(request)
    if key is None:
        with transaction.atomic():
            return answer()
    with transaction.atomic():
        sent = _first_time(request, key)
        if sent is None:
            return _again(request, key)
        response = answer()
        if response.status_code >= 400:
            sent.delete()
        else:
            sent.location = _location_of(response)
            sent.save(update_fields=["location"])
        return response


def forget_old_submissions(*, at: datetime) -> int:
    """Forget the keys of forms sent long ago; return how many."""
    return Submission.objects.filter(sent_at__lt=at - KEPT_FOR).delete()[0]


def _first_time(request: HttpRequest, key: uuid.UUID) -> Submission | None:
    """Write the key down; None when it is there already. Waits for who is writing the same."""
    try:
        with transaction.atomic():
            return Submission.objects.create(
                user_id=_person(request), key=key, path=request.path[:200]
            )
    except IntegrityError:
        return None


def _person(request: HttpRequest) -> int:
    """Return who sends the form; pages that take one are open to people who signed in."""
    return int(request.user.pk or 0)


def _location_of(response: HttpResponseBase) -> str:
    """Return where an answer leads, or nothing when it is too long to be kept."""
    location = response.headers.get("Location") or response.headers.get("HX-Redirect", "")
    return location if len(location) <= LONGEST_LOCATION else ""


def _again(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    sent = Submission.objects.get(user_id=_person(request), key=key)
    if getattr(request, "htmx", False) and not sent.location:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(sent.location or form_page(request))
