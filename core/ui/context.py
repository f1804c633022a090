"""The variables every page may count on, read only when a page shows them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core import hooks

VARIABLES: dict[str, Callable[[HttpRequest], Any]] = {
    "client_nav": hooks.client_nav,
    "portal_contact": hooks.portal_contact,
    "portal_client": hooks.portal_client,
    "portal_spaces": hooks.portal_spaces,
    "unread_notices": hooks.unread_notices,
    "brand": hooks.brand,
    "site_links": hooks.site_links,
    "footer_links": hooks.footer_links,
}


def portal(request: HttpRequest) -> dict[str, Any]:
    """Give pages their menu, their contact, their logo and their links."""
    return {name: SimpleLazyObject(partial(read, request)) for name, read in VARIABLES.items()}
