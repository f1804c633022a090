"""The first entry of the client's menu, and whom the client writes to."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from core.access.grants import grants_of
from core.accounts.models import Client
from core.hooks import NavEntry
from core.once import once


def _clients(request: HttpRequest) -> list[Client]:
    def read() -> list[Client]:
        rows = Client.objects.visible_to(request.user).defer("search_norm", "search_vector")
        return list(rows.select_related("lead", "company__lead").order_by("name")[:2])

    return once(request, "my-clients", read)


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
def my_client(request: HttpRequest) -> list[Client]:
    return _clients(request)[:1] if len(_clients(request)) == 1 else []


@hooks.register("nourx_portal_contact")
def my_contact(request: HttpRequest) -> list[Any]:
    leads = [client.lead or client.company.lead for client in _clients(request)]
    return [lead for lead in leads if lead is not None]
