"""Where modules plug into the pages of clients, and into what every page shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from core import rls
from core.counting import count_at_client, count_now
from core.hooks.gathering import gather
from core.hooks.team import TimelineEntry


@dataclass(frozen=True)
class NavEntry:
    """An entry of the client's menu. `count` is what waits for the client, never what is new.

    It may be given as a function that returns rows, or their number: the rows of all entries are
    then counted in one query, and the counts kept a minute, or until `core.live.tell` says that
    something changed at the client.
    """

    key: str
    label: Any
    url: str
    icon: str
    order: int
    count: int | Callable[[], int | QuerySet] = 0
    tone: str = ""
    short: Any = ""  # the label under the tab of a phone


@dataclass(frozen=True)
class Link:
    """A link of the public header or footer."""

    label: Any
    url: str


@dataclass(frozen=True)
class Brand:
    """How the agency shows itself: its name, logos and colours, all optional but the name."""

    name: str
    logo_url: str = ""
    logo_dark_url: str = ""
    stylesheet_url: str = ""
    accent: str = ""  # "#rrggbb", as chosen: to be made readable where it is used


@dataclass(frozen=True)
class ClientPanel:
    """A card of the client's home page. `area` is top (beside what waits), main or aside."""

    template: str
    order: int
    context: dict[str, Any] = field(default_factory=dict)
    area: str = "main"


@dataclass(frozen=True)
class Space:
    """A client whose space the person may enter, beside others."""

    pk: int
    name: str
    is_current: bool


@dataclass(frozen=True)
class ToDo:
    """Something that waits for the client, with the action one tap away."""

    title: Any
    detail: Any
    url: str
    glyph: str
    tone: str = ""
    due: date | None = None
    action: Any = ""  # the word of its button, on wide screens


@dataclass(frozen=True)
class Deadline:
    """A date the client should know."""

    on: date
    label: str
    url: str = ""


@dataclass(frozen=True)
class LinkedService:
    """A piece of work, its price and where its payment stands, for a client without an account."""

    title: str
    reference: str
    amount: int
    currency: str
    label: Any
    glyph: str
    tone: str = ""
    pay_url: str = ""


@dataclass(frozen=True)
class PersonalData:
    """What one module holds on a person, for the copy that they may ask for.

    `name` is the key in the file; each row maps a field to a plain value, a date or a moment.
    """

    name: str
    rows: Sequence[Mapping[str, Any]]


def client_nav(request: HttpRequest) -> list[NavEntry]:
    """`nourx_client_nav(request)` → entries of the client's menu."""
    entries = sorted(gather("nourx_client_nav", request), key=lambda entry: entry.order)
    sets = {entry.key: entry.count for entry in entries if callable(entry.count)}
    counts = _counts(request, sets) if sets else {}
    return [replace(entry, count=counts.get(entry.key, entry.count)) for entry in entries]


def _counts(
    request: HttpRequest, sets: Mapping[str, Callable[[], int | QuerySet]]
) -> dict[str, int]:
    clients = rls.current().clients
    if len(clients) == 1:  # in a space, it is its client and no other
        return count_at_client(clients[0], request.user.pk or 0, sets)
    return count_now(sets)


def client_panels(request: HttpRequest) -> list[ClientPanel]:
    """`nourx_client_panels(request)` → cards of the client's home page."""
    return sorted(gather("nourx_client_panels", request), key=lambda panel: panel.order)


def project_panels(request: HttpRequest, project: Any) -> list[ClientPanel]:
    """`nourx_project_panels(request, project)` → cards of the page of a project."""
    panels = gather("nourx_project_panels", request, project)
    return sorted(panels, key=lambda panel: panel.order)


def client_to_dos(request: HttpRequest) -> list[ToDo]:
    """`nourx_client_to_dos(request)` → what waits for the client, most pressing first.

    What has no date waits for an answer now: it comes before what has one.
    """
    rows = gather("nourx_client_to_dos", request)
    return sorted(rows, key=lambda row: row.due or date.min)


def client_deadlines(request: HttpRequest) -> list[Deadline]:
    """`nourx_client_deadlines(request)` → the client's next dates, soonest first."""
    return sorted(gather("nourx_client_deadlines", request), key=lambda row: row.on)


def client_activity(request: HttpRequest) -> list[TimelineEntry]:
    """`nourx_client_activity(request)` → what happened lately, newest first."""
    return sorted(gather("nourx_client_activity", request), key=lambda row: row.at, reverse=True)


def client_situation(request: HttpRequest) -> list[str]:
    """`nourx_client_situation(request)` → where things stand, a sentence or none per module."""
    return list(gather("nourx_client_situation", request))


def portal_contact(request: HttpRequest) -> Any:
    """`nourx_portal_contact(request)` → the account of the team that the client writes to."""
    return next(iter(gather("nourx_portal_contact", request)), None)


def portal_client(request: HttpRequest) -> Any:
    """`nourx_portal_client(request)` → the client whose space this is, when there is one."""
    return next(iter(gather("nourx_portal_client", request)), None)


def portal_spaces(request: HttpRequest) -> list[Space]:
    """`nourx_portal_spaces(request)` → the spaces a person goes between; none if there is one."""
    return list(gather("nourx_portal_spaces", request))


def unread_notices(request: HttpRequest) -> int:
    """`nourx_unread_notices(request)` → how many notices the person has not opened."""
    return sum(gather("nourx_unread_notices", request))


def brand(request: HttpRequest | None) -> Brand | None:
    """`nourx_brand(request)` → the name, logo and colours of the agency; None: for a mail."""
    return next(iter(gather("nourx_brand", request)), None)


def site_links(request: HttpRequest) -> list[Link]:
    """`nourx_site_links(request)` → links at the head of public pages."""
    return list(gather("nourx_site_links", request))


def footer_links(request: HttpRequest) -> list[Link]:
    """`nourx_footer_links(request)` → links at the foot of public and sign-in pages."""
    return list(gather("nourx_footer_links", request))


def linked_services(visitor: Any) -> list[LinkedService]:
    """`nourx_linked_services(visitor)` → what the link of a client shows to pay or paid."""
    return list(gather("nourx_linked_services", visitor))


def personal_data(person: Any) -> list[PersonalData]:
    """`nourx_personal_data(person)` → what each module holds on a person, in the team's view."""
    return list(gather("nourx_personal_data", person))
