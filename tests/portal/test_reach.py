"""How far everything is from the home page: few entries at the top, few taps to anything."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from tests.access.world import rows_of

pytestmark = pytest.mark.django_db
MOST_ENTRIES, MOST_TAPS = 7, 3
FILES = ("/pdf/", "/csv/", "/fichiers/", "/v1/")


class Links(HTMLParser):
    """The addresses that one can go to from a page, and those of its navigation."""

    def __init__(self, html):
        super().__init__()
        self.all, self.top, self.is_in_nav = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "nav":
            self.is_in_nav = given.get("class") == "nav"
        if tag == "a" and (given.get("href") or "").startswith("/"):
            address = given["href"].split("#")[0]
            self.all.append(address)
            if self.is_in_nav:
                self.top.append(address)

    def handle_endtag(self, tag):
        if tag == "nav":
            self.is_in_nav = False


def links_of(browser, address):
    response = browser.get(address, follow=True)
    assert response.status_code == 200, address
    return Links(response.content.decode())


def leads_on(link):
    """Tell whether to look further from an address: a page of the portal, without its filters."""
    is_filter = "?" in link and "vue=devis" not in link
    return link.startswith("/client/") and not is_filter and not any(x in link for x in FILES)


def taps_to(browser, wanted):
    """Return in how many taps from the home page each address is reached."""
    home = reverse("dashboard:home")
    taps, edge = {home: 0}, [home]
    for tap in range(1, MOST_TAPS + 1):
        found = [link for address in edge for link in links_of(browser, address).all]
        edge = [link for link in dict.fromkeys(found) if link not in taps]
        taps |= dict.fromkeys(edge, tap)
        if wanted <= taps.keys():
            break
        edge = [link for link in edge if leads_on(link)]
    return {address: taps.get(address) for address in wanted}


@pytest.fixture
def rows(acme, acme_owner, manager):
    return rows_of(acme, person=acme_owner, teammate=manager, number="0901", mark="du catalogue")


def pages_of(rows):
    """Return the page of each main task, by what one does there."""
    project = rows["projects.Project"].pk
    invoice, quote = rows["invoicing.Invoice"].number, rows["invoicing.Quote"].number
    return {
        "pay an invoice": reverse("invoicing:invoice", args=[invoice]),
        "download an invoice": reverse("invoicing:invoice_pdf", args=[invoice]),
        "answer a quote": reverse("invoicing:quote", args=[quote]),
        "find a receipt": reverse("payments:list"),
        "read the statement": reverse("payments:statement"),
        "see a project": reverse("projects:detail", args=[project]),
        "see its roadmap": reverse("projects:roadmap", args=[project]),
        "write on a milestone": reverse(
            "projects:milestone", args=[project, rows["projects.Milestone"].pk]
        ),
        "approve a deliverable": reverse(
            "projects:deliverable", args=[project, rows["projects.Deliverable"].pk]
        ),
        "do a task": reverse("projects:task", args=[rows["projects.Task"].pk]),
        "hand in a document": reverse("documents:hand_in"),
        "send what is asked": reverse(
            "documents:request", args=[rows["documents.DocumentRequest"].pk]
        ),
        "download a document": reverse(
            "documents:download", args=[rows["documents.ProjectDocument"].pk, 1]
        ),
        "ask for help": reverse("support:new"),
        "follow a request": reverse("support:ticket", args=[rows["support.Ticket"].pk]),
        "change how to be reached": reverse("profile"),
        "choose one’s notices": reverse("notification_preferences"),
        "invite a colleague": reverse("invite_member"),
        "change the password": reverse("account_change_password"),
    }


def test_the_menu_has_seven_entries_at_most(client_of, acme_owner, rows):
    top = links_of(client_of(acme_owner), reverse("dashboard:home")).top

    assert len(top) == len(set(top)) == 6
    assert len(top) <= MOST_ENTRIES


def test_every_main_task_is_three_taps_from_the_home_page(client_of, acme_owner, rows):
    pages = pages_of(rows)

    taps = taps_to(client_of(acme_owner), set(pages.values()))

    assert {task for task, address in pages.items() if taps[address] is None} == set()
