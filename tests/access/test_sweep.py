"""Every address of the site, asked for another client's rows by everybody who must not read them.

Addresses are found in the resolver: a new one is swept from its first day, and one whose
arguments are unknown fails until they are declared in `addresses.py`.
"""

import pytest

from core import rls
from core.access import middleware
from core.access.scope import ScopedQuerySet
from core.access.tasks import heartbeat
from tests.access.addresses import OF_A_CLIENT, OF_NOBODY, SPELLED, every_address, plain
from tests.access.world import MARK, fingerprint

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
EVERY_METHOD = ("nobody", "owner")  # for the others, the two that pages have
BATCH = 12
ADDRESSES = every_address()
OF_CLIENTS = [address for address in ADDRESSES if address.name in OF_A_CLIENT]
OTHERS = [address for address in ADDRESSES if address.name not in OF_A_CLIENT]


def name_of(address):
    return address.name or address.route


def batches(addresses):
    """Return addresses a dozen at a time: the world they are swept in takes longer than they do."""
    return [addresses[start : start + BATCH] for start in range(0, len(addresses), BATCH)]


def names_of(addresses):
    return f"{name_of(addresses[0])}…{name_of(addresses[-1])}"


def path_of_another(address):
    if address.route in SPELLED:
        return SPELLED[address.route]
    return address.path(OF_NOBODY.get(address.name, {}))


def body_with(rows):
    """Return a form that names another client's rows in every way a form could."""
    keys = {name.rpartition(".")[2].lower(): row.pk for name, row in rows.items()}
    ids = {**keys, **{f"{key}_id": pk for key, pk in keys.items()}, "pk": keys["client"]}
    words = dict.fromkeys(
        ("title", "subject", "body", "message", "name", "comment", "reason", "label"), "Bonjour"
    )
    return {**words, **ids, "number": rows["invoicing.Invoice"].number, "status": "done"}


def text_of(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace") + str(response.headers)


def send(browser, method, path, body):
    if method in ("GET", "HEAD"):
        return browser.generic(method, path)
    return browser.post(path, body) if method == "POST" else browser.generic(method, path)


def test_every_address_says_what_fills_it():
    unknown = [
        address.route
        for address in ADDRESSES
        if address.name not in OF_A_CLIENT
        and address.name not in OF_NOBODY
        and address.route not in SPELLED
        and not plain(address.route)
    ]

    assert unknown == []


@pytest.mark.parametrize("addresses", batches(OF_CLIENTS), ids=names_of)
def test_rows_of_another_client_do_not_exist(addresses, rival, rival_all, viewers):
    body, before, wrong, shown = body_with(rival_all), fingerprint(rival), {}, []

    for address in addresses:
        path = address.path(OF_A_CLIENT[address.name](rival_all))
        for viewer, browser in viewers.items():
            for method in METHODS if viewer in EVERY_METHOD else ("GET", "POST"):
                answer = send(browser, method, path, body)
                if answer.status_code not in allowed(viewer, method, path):
                    wrong[address.name, viewer, method] = answer.status_code
                if MARK in text_of(answer):
                    shown.append((address.name, viewer, method))

    assert (wrong, shown) == ({}, [])
    assert fingerprint(rival) == before


def allowed(viewer, method, path):
    """Return the answers a person may get for a row that is not theirs."""
    if method == "OPTIONS":
        return {200, 302, 401, 403, 404, 405}  # it says which methods there are, nothing more
    if path.startswith("/api/") and viewer in ("nobody", "revoked"):
        return {401, 403, 405}  # the API is closed to people without a client, row or no row
    if viewer == "nobody":
        return {302, 405}
    if method in ("GET", "HEAD"):
        return {302, 404, 405} if posts_only(path) else {404}
    return {404, 405}


def posts_only(path):
    acts = ("/accepter/", "/refuser/", "/role/", "/retirer/", "/annuler/", "/terminer/")
    return path.endswith((*acts, "/pay/", "/verifier/", "/resolu/", "/avis/"))


@pytest.mark.parametrize("addresses", batches(OF_CLIENTS), ids=names_of)
def test_the_same_address_answers_its_own_client(addresses, rival_all, rival_owner, client_of):
    browser, wrong = client_of(rival_owner), {}

    for address in addresses:
        path = address.path(OF_A_CLIENT[address.name](rival_all))
        answer = browser.get(path)
        if answer.status_code not in ((200, 302, 405) if posts_only(path) else (200, 302)):
            wrong[address.name] = answer.status_code
        assert text_of(answer)

    assert wrong == {}


@pytest.mark.parametrize("addresses", batches(OTHERS), ids=names_of)
def test_other_addresses_show_and_change_nothing_of_another_client(
    addresses, rival, rival_all, sign_in_viewers
):
    body, before, broken, shown, opened = body_with(rival_all), fingerprint(rival), {}, [], []
    query = "?" + "&".join(f"{key}={body[key]}" for key in ("client", "project", "invoice", "pk"))
    heartbeat()  # else /readyz says, rightly, that no worker runs

    for address in addresses:
        path = path_of_another(address)
        for viewer, browser in sign_in_viewers().items():  # some addresses end the session
            for method in ("GET", "POST"):
                answer = send(browser, method, path + query * (method == "GET"), body)
                key = (name_of(address), viewer, method)
                if answer.status_code >= 500:
                    broken[key] = answer.status_code
                if MARK in text_of(answer):
                    shown.append(key)
                if path.startswith("/client/") and key[1:] == ("nobody", "GET"):
                    opened += [key] if answer.status_code != 302 else []

    assert (broken, shown, opened) == ({}, [], [])
    assert fingerprint(rival) == before


# --- The second lock alone ------------------------------------------------------------------


def leaks(browser, rows):
    """Return the names of the pages that show something of another client to somebody."""
    found = set()
    for address in ADDRESSES:
        of_client = address.name in OF_A_CLIENT
        if not of_client and not address.route.startswith(("client/", "api/v1/")):
            continue
        path = address.path(OF_A_CLIENT[address.name](rows)) if of_client else f"/{address.route}"
        if MARK in text_of(browser.get(path)):
            found.add(name_of(address))
    return found


@pytest.fixture
def without_filter(monkeypatch):
    """Break the code's lock everywhere at once: rows are not filtered by person any more."""
    monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda rows, user: rows.all())


def test_without_its_filter_the_code_still_leaks_nothing(without_filter, rival_all, viewers):
    assert leaks(viewers["owner"], rival_all) == set()


def test_with_both_locks_open_the_same_pages_do_leak(
    without_filter, rival_all, viewers, monkeypatch
):
    monkeypatch.setattr(middleware, "scope_for", lambda request: rls.Scope(staff=True))

    found = leaks(viewers["owner"], rival_all)

    assert {"projects:list", "projects:detail", "invoicing:invoice", "support:ticket"} <= found
