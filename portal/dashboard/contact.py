"""Whose space this is and whom to write to: the same for weeks, so read once a minute at most."""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from core import hooks, rls
from core.access import grants
from core.accounts.models import Client
from core.once import once

SECONDS = 60


@dataclass(frozen=True)
class TeamContact:
    """Somebody of the team, as clients see them."""

    name: str
    job_title: str
    phone: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Space:
    """A client's name and its contact in the team."""

    name: str
    contact: TeamContact | None


def spaces_of(request: HttpRequest) -> list[Space]:
    """Return the first spaces the person may enter, two at most; kept a minute by client."""
    ids = sorted(grants.grants_of(request.user).all_clients)
    if not ids:
        return []
    return once(request, "my-spaces", lambda: _kept(ids))


def choices_of(request: HttpRequest) -> list[hooks.Space]:
    """Return the spaces that somebody of several clients goes between, by name."""
    ids = sorted(grants.spaces_of(request.user))
    if len(ids) < 2:
        return []
    names: dict[int, str] = once(request, "names-of-spaces", lambda: _names(ids))
    here = grants.space_of(request.user)
    return [hooks.Space(pk=pk, name=name, is_current=pk == here) for pk, name in names.items()]


def _names(ids: list[int]) -> dict[int, str]:
    key = "portal-space-names:" + ".".join(map(str, ids[:50]))
    return cache.get_or_set(key, lambda: _read_names(ids), SECONDS)


def _read_names(ids: list[int]) -> dict[int, str]:
    with rls.clients(*ids):
        return dict(Client.objects.filter(pk__in=ids).order_by("name").values_list("pk", "name"))


def _kept(ids: list[int]) -> list[Space]:
    key = "portal-spaces:" + ".".join(map(str, ids[:50]))
    return cache.get_or_set(key, lambda: _read(ids), SECONDS)


def _read(ids: list[int]) -> list[Space]:
    rows = Client.objects.filter(pk__in=ids).defer("search_norm", "search_vector")
    rows = rows.select_related("lead", "company__lead").order_by("name")[:2]
    with rls.clients(*ids):  # what is kept must not depend on the page that asks first
        return [Space(name=row.name, contact=_contact(row)) for row in rows]


def _contact(client: Client) -> TeamContact | None:
    lead = client.lead or client.company.lead
    if lead is None:
        return None
    return TeamContact(name=str(lead), job_title=lead.job_title, phone=lead.phone)
