"""In which language a page or a mail is written.

A page: the person's own, else the one their browser asks for. A mail: that of its readers.
"""

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from core.accounts.middleware import ADMIN_AREA
from core.accounts.models import User

TEAM_LANGUAGE = "fr"  # the back-office is in French


def language_of(request: HttpRequest) -> str:
    """Return the code of the language in which a request is answered."""
    if request.path_info.startswith(ADMIN_AREA):
        return TEAM_LANGUAGE
    if request.user.is_authenticated:
        return request.user.language  # type: ignore[union-attr]
    return translation.get_language_from_request(request)


def language_of_readers(addresses: Iterable[str]) -> str:
    """Return the language of one mail to all these addresses: theirs if they agree, else French.

    An address without an account has no say.
    """
    accounts = User.objects.filter(email__in=[address.lower() for address in addresses])
    found = set(accounts.values_list("language", flat=True))
    return found.pop() if len(found) == 1 else TEAM_LANGUAGE


class LanguageMiddleware:
    """Answer in the language of the person, of which pages say the code."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not request.user.is_authenticated:
            patch_vary_headers(response, ("Accept-Language",))
        return response
