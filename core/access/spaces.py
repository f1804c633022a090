"""One person, several clients: in the portal they work in the space of one of them at a time.

What a person may do and which rows the database shows are narrowed to that client together, so
that no page has to think of it. The session remembers the space, and the account the last one.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponseBase

from core import rls
from core.access.grants import enter_space, grants_of, space_of, spaces_of
from core.access.roles import Grant

KEY = "space"
FIELD, HEADER = "espace", "X-Espace"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def choose_space(request: HttpRequest) -> None:
    """Enter the space that this session was in last, else the one of the last session."""
    session = getattr(request, "session", {})  # a request that no browser sent has none
    enter_space(request.user, session.get(KEY), request.user.space_id)  # type: ignore[union-attr]


def remember_space(request: HttpRequest, client_id: int) -> None:
    """Stay in this space for the rest of the session, and come back to it at the next sign-in."""
    request.session[KEY] = client_id
    get_user_model().objects.filter(pk=request.user.pk or 0).update(space_id=client_id)


def comes_from_another_space(request: HttpRequest) -> bool:
    """Tell whether a form was drawn in another space than the one the person is in now."""
    named = request.headers.get(HEADER) or _field(request)
    here = grants_of(request.user).clients_with(Grant.ENTER)
    return bool(named) and named not in {str(client_id) for client_id in here}


def _field(request: HttpRequest) -> str:
    """Return the space a form names; its fields were read for its token already."""
    is_form = request.method == "POST" and request.content_type in FORMS
    return request.POST.get(FIELD, "") if is_form else ""


def leads_elsewhere(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Tell whether an answer may mean that somebody opened a link to a row of another space."""
    return (
        response.status_code == 404
        and request.method == "GET"
        and len(spaces_of(request.user)) > 1
        and request.resolver_match is not None
        and bool(request.resolver_match.kwargs)
        and _is_opened_by_hand(request)
    )


def _is_opened_by_hand(request: HttpRequest) -> bool:
    """Tell a page that somebody opens from one that a script reads again in an old window."""
    fetch = request.headers.get("Sec-Fetch-Dest", "document")
    is_prefetch = "prefetch" in request.headers.get("Sec-Purpose", "")
    return not getattr(request, "htmx", False) and fetch == "document" and not is_prefetch


def space_that_answers(request: HttpRequest, get_response: Any) -> int | None:
    """Return the other space in which this address shows something, trying each."""
    here = space_of(request.user)
    for client_id in sorted(spaces_of(request.user) - {here}):
        if _answers(request, client_id, get_response):
            return client_id
    enter_space(request.user, here)
    return None


def _answers(request: HttpRequest, client_id: int, get_response: Any) -> bool:
    enter_space(request.user, client_id)
    request.__dict__.pop("_nourx_once", None)
    with rls.clients(client_id):
        response = get_response(request)
    for close in response._resource_closers:  # its `close` would end the request
        close()
    return response.status_code < 400
