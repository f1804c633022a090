"""The first entry of the client's menu, and whom the client writes to."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from core.access.grants import grants_of
from core.hooks import NavEntry
from core.hooks import Space as SpaceChoice
from portal.dashboard.contact import Space, TeamContact, choices_of, spaces_of


@hooks.register("nourx_client_nav")
def home_entry(request: HttpRequest) -> Iterator[NavEntry]:
    if grants_of(request.user).all_clients:
        yield NavEntry(
            key="home",
            label=_("Tableau de bord"),
            short=_("Accueil"),
            url=reverse("dashboard:home"),
            icon="home",
            order=10,
        )


@hooks.register("nourx_portal_client")
def my_client(request: HttpRequest) -> list[Space]:
    spaces = spaces_of(request)
    return spaces if len(spaces) == 1 else []


@hooks.register("nourx_portal_spaces")
def my_spaces(request: HttpRequest) -> list[SpaceChoice]:
    return choices_of(request)


@hooks.register("nourx_portal_contact")
def my_contact(request: HttpRequest) -> list[TeamContact]:
    return [space.contact for space in spaces_of(request) if space.contact is not None]
