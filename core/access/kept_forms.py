"""Text typed while the session ran out: kept aside, and given back after the sign-in.

It waits in the session of the visitor, bound to the page it was typed on and to the person whom a
signed cookie names; somebody else who signs in on the same device never sees it.
"""

import re
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

SESSION_KEY = "kept_forms"
COOKIE = "nourx-person"
SALT = "nourx.kept-forms"
SECONDS = 3600
COOKIE_SECONDS = 60 * 60 * 24 * 60
MOST_CHARACTERS = 20_000
SECRETS = re.compile(r"csrf|passw|secret|token|code|card", re.IGNORECASE)


def remember_person(response: HttpResponseBase, user: Any) -> None:
    """Name the person in a signed cookie, which opens nothing by itself."""
    response.set_signed_cookie(
        COOKIE,
        str(user.pk),
        salt=SALT,
        max_age=COOKIE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def form_page(request: HttpRequest) -> str:
    """Return the address of the page whose form was sent: where to come back after signing in."""
    htmx = getattr(request, "htmx", None)
    current = htmx.current_url if htmx else None
    for address in (current, request.headers.get("Referer")):
        if address and url_has_allowed_host_and_scheme(address, {request.get_host()}):
            path = urlsplit(address)
            if path.path.startswith("/client/"):
                return f"{path.path}?{path.query}" if path.query else path.path
    return request.get_full_path()


def keep(request: HttpRequest, page: str) -> bool:
    """Keep the words of a form for its page, without files or secrets. Tell whether it was done."""
    person = request.get_signed_cookie(COOKIE, None, salt=SALT, max_age=COOKIE_SECONDS)
    words = {name: values for name, values in request.POST.lists() if not SECRETS.search(name)}
    size = sum(len(text) for values in words.values() for text in values)
    if person is None or not words or size > MOST_CHARACTERS:
        return False
    request.session[SESSION_KEY] = {
        "page": urlsplit(page).path,
        "person": person,
        "until": time.time() + SECONDS,
        "words": words,
    }
    return True


def take(request: HttpRequest) -> dict[str, Any]:
    """Give a person their kept words back, once, on the page where they were typed."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["page"] != request.path:
        return {}
    del request.session[SESSION_KEY]
    if kept["person"] != str(request.user.pk) or kept["until"] < time.time():
        return {}
    return {
        name: values[0] if len(values) == 1 else values for name, values in kept["words"].items()
    }
