"""In which language a page is written: the person's own, else the one their browser asks for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from core.accounts.middleware import ADMIN_AREA

TEAM_LANGUAGE = "fr"  # the back-office is in French


def language_of(request: HttpRequest) -> str:
    """Return the code of the language in which a request is answered."""
    if request.path_info.startswith(ADMIN_AREA):
        return TEAM_LANGUAGE
    if request.user.is_authenticated:
        return request.user.language  # type: ignore[union-attr]
    return translation.get_language_from_request(request)


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
