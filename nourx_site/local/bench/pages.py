"""How long pages take to answer, through every middleware, in one process."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import psycopg
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import Client as Browser
from django.test import RequestFactory, override_settings

from billing.invoicing.models import Invoice
from core import rls
from core.access.roles import Role
from core.accounts.models import Client, User
from core.accounts.services.memberships import add_member
from nourx_site.local.bench import limit
from nourx_site.local.bench.figures import Sample
from nourx_site.local.bench.limits import BARE, RAW, STOCK

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MEMBER, TEAM = "mesures@volume.test", "direction@nourx.test"
PER_PAGE = 25
Act = Callable[[], Any]


def measure_pages(owner_url: str, rounds: int) -> dict[str, Sample]:
    """Open each page some rounds in turn, after two that warm up.

    :raises AssertionError: if a page does not answer 200.
    """
    with rls.staff("bench: who looks at what"):
        acts = _signed_in()
    with psycopg.connect(owner_url, autocommit=True) as raw:
        acts |= {BARE: bare("/rows/"), RAW: lambda: limit.read_raw(raw)}
        for act in [*acts.values()] * 2:
            act()
        queries = {name: _count_queries(act) for name, act in acts.items()}
        times: dict[str, list[float]] = {name: [] for name in acts}
        for _ in range(rounds):
            for name, act in acts.items():
                times[name].append(_time(act))
    return {name: Sample(tuple(times[name]), queries[name]) for name in acts}


def _signed_in() -> dict[str, Act]:
    client = Client.objects.filter(name__startswith="Volume ").order_by("pk").first()
    member = _member(client)
    invoices = Invoice.objects.filter(client=client).exclude(number="")
    last = max(1, -(-invoices.count() // PER_PAGE))
    number = invoices.order_by("-pk").values_list("number", flat=True)[0]
    team = User.objects.get(email=TEAM)
    every = Invoice.objects.count()
    pk = Invoice.objects.get(number=number).pk
    word = client.name.split()[1]  # of one client only
    pages = {
        "client: dashboard": (member, "/client/"),
        "client: invoices": (member, "/client/factures/"),
        "client: invoices, last page": (member, f"/client/factures/?page={last}"),
        "client: invoices, search": (member, f"/client/factures/?q={number}"),
        "client: invoice": (member, f"/client/factures/{number}/"),
        "team: home": (team, "/admin/"),
        "team: invoices": (team, "/admin/snippets/invoicing/invoice/"),
        "team: invoices, last page": (
            team,
            f"/admin/snippets/invoicing/invoice/?p={-(-every // PER_PAGE)}",
        ),
        "team: invoices, search": (team, f"/admin/snippets/invoicing/invoice/?q={word}"),
        "team: invoice": (team, f"/admin/snippets/invoicing/invoice/inspect/{pk}/"),
        STOCK: (team, limit.stock_address()),
    }
    browsers = {person.pk: _browser(person) for person in (member, team)}
    return {name: _opener(browsers[person.pk], path) for name, (person, path) in pages.items()}


def _member(client: Any) -> User:
    found = User.objects.filter(email=MEMBER).first()
    if found is not None:
        return found
    person = User.objects.create_user(MEMBER, "mesures-de-vitesse", first_name="Awa")
    add_member(user=person, client=client, role=Role.OWNER, actor=None)
    return person


def _browser(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person, backend=BACKEND)
    return browser


def _opener(browser: Browser, path: str) -> Act:
    def open_page() -> None:
        response = browser.get(path)
        if response.status_code != 200:
            raise AssertionError(f"{path} answered {response.status_code}")

    return open_page


def bare(path: str, **options: Any) -> Act:
    """Return an act that asks a bare view: no middleware, no session."""
    handler = BaseHandler()
    with override_settings(MIDDLEWARE=[]):
        handler.load_middleware()
    make = RequestFactory().post if options else RequestFactory().get

    def ask() -> None:
        request = make(path, **options)
        request.urlconf = "nourx_site.local.bench.limit"  # type: ignore[attr-defined]
        if handler.get_response(request).status_code != 200:
            raise AssertionError(f"{path} does not answer")

    return ask


def _count_queries(act: Act) -> int:
    seen = 0

    def count(execute: Callable, *words: Any) -> Any:
        nonlocal seen
        seen += 1
        return execute(*words)

    with connection.execute_wrapper(count):
        act()
    return seen


def _time(act: Act) -> float:
    start = perf_counter()
    act()
    return (perf_counter() - start) * 1000
