"""What a phone downloads the first time it opens a page, and when it can show something."""

import gzip
from html.parser import HTMLParser

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from tests.access.world import rows_of
from tests.portal.test_guests import make_link  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
KB = 1000
LINE = 250_000 / 8  # bytes a second: a bad mobile line
ROUND_TRIP = 0.3  # seconds
TRIPS = 5  # to find the host, reach it, agree on keys, ask for the page, ask for its styles
HEADERS = 800  # bytes of an answer before its content
FETCHED = ("stylesheet", "preload", "icon", "manifest")


class Linked(HTMLParser):
    """The addresses that a browser fetches by itself to show a page, by kind."""

    def __init__(self, html):
        super().__init__()
        self.styles, self.scripts, self.others = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        kind = given.get("rel")
        if tag == "script" and given.get("src"):
            self.scripts.append(given["src"])
        elif tag == "link" and kind in FETCHED:
            (self.styles if kind == "stylesheet" else self.others).append(given["href"])
        elif tag == "img" and given.get("src"):
            self.others.append(given["src"])


class Weight:
    """How many bytes come over the line for a page: compressed, as they are served."""

    def __init__(self, browser, address):
        response = browser.get(address)
        assert response.status_code == 200
        linked = Linked(response.content.decode())
        self.browser = browser
        self.html = squeezed(response.content, 6)
        self.css = sum(map(self.of, linked.styles))
        self.js = sum(map(self.of, linked.scripts))
        self.others = sum(map(self.of, linked.others))
        self.all = self.html + self.css + self.js + self.others
        self.answers = 1 + len(linked.styles + linked.scripts + linked.others)

    def of(self, address):
        if not address.startswith("/static/"):
            return squeezed(self.browser.get(address).content, 6)
        with open(finders.find(address.removeprefix("/static/")), "rb") as file:
            content = file.read()
        is_packed = address.endswith((".woff2", ".png"))
        return len(content) if is_packed else squeezed(content, 9)

    @property
    def seconds(self):
        """Return when the last byte is there, on a line that all of them share."""
        return TRIPS * ROUND_TRIP + (self.all + self.answers * HEADERS) / LINE


def squeezed(content, level):
    return len(gzip.compress(content, level))


@pytest.fixture
def rows(acme, acme_owner, manager):
    return rows_of(acme, person=acme_owner, teammate=manager, number="0901", mark="du catalogue")


@pytest.fixture
def weigh(rows, acme_owner, client_of):
    """Return a function that weighs a page as the client, by its name."""

    def page(name):
        if name == "sign-in":
            return Weight(client_of(), reverse("account_login"))
        address = {
            "dashboard": reverse("dashboard:home"),
            "invoice": reverse("invoicing:invoice", args=[rows["invoicing.Invoice"].number]),
            "ticket": reverse("support:ticket", args=[rows["support.Ticket"].pk]),
            "project": reverse("projects:detail", args=[rows["projects.Project"].pk]),
            "tasks": reverse("projects:tasks"),
        }[name]
        return Weight(client_of(acme_owner), address)

    return page


@pytest.mark.parametrize(
    ("name", "css"),
    [
        ("sign-in", 15 * KB),
        ("dashboard", 15 * KB),
        ("invoice", 15 * KB),
        ("ticket", 15 * KB),
        ("project", 18 * KB),
        ("tasks", 18 * KB),
    ],
)
def test_a_first_page_on_a_phone_stays_light(weigh, name, css):
    weight = weigh(name)

    assert weight.html <= 10 * KB
    assert weight.css <= css
    assert weight.js <= 40 * KB
    assert weight.all <= 80 * KB


@pytest.mark.parametrize("name", ["sign-in", "dashboard", "invoice", "ticket"])
def test_a_page_shows_within_five_seconds_of_a_bad_line(weigh, name):
    assert weigh(name).seconds < 5


def test_the_portal_by_link_weighs_thirty_kilobytes_at_most(
    rows,
    acme,
    client_of,
    make_link,  # noqa: F811
):
    browser = client_of()
    browser.get(reverse("guests:enter", args=[make_link(acme)[1]]))

    assert Weight(browser, reverse("guests:portal")).all <= 30 * KB
