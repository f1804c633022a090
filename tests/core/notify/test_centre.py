"""The centre of notices: what one was told, opened, marked read; nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import rls
from core.accounts.models import Membership
from core.accounts.services import remove_member
from core.notify.models import Notification

CENTRE = "/client/notifications/"


@pytest.fixture
def notice(acme_owner, tell, team):
    """Two notices to Awa, of which the first is returned."""
    tell(acme_owner, key="1", detail="Charte graphique")
    tell(acme_owner, key="2", event="invoice_issued", text="Facture FAC-2026-0001")
    return Notification.objects.get(text="Document 1")


def reads(person):
    with rls.staff("test"):
        rows = Notification.objects.filter(user=person).order_by("pk")
        return [row.read_at is not None for row in rows]


def test_lists_what_one_was_told_newest_first(notice, acme_owner, client_of):
    page = client_of(acme_owner).get(CENTRE).content.decode()

    assert page.index("Facture FAC-2026-0001") < page.index("Document 1")
    assert page.count("data-unread") == 2
    assert "Aujourd’hui" in page
    assert "Charte graphique" in page
    assert "Notifications, 2 non lues" in page


def test_days_are_named(notice, acme_owner, client_of):
    Notification.objects.filter(pk=notice.pk).update(
        created_at=notice.created_at - timedelta(days=1)
    )

    page = client_of(acme_owner).get(CENTRE).content.decode()

    assert page.index("Aujourd’hui") < page.index("Hier")


def test_opening_one_marks_it_read_and_leads_to_its_page(notice, acme_owner, client_of):
    browser = client_of(acme_owner)

    answer = browser.get(reverse("notice", args=[notice.pk]))

    assert (answer.status_code, answer.url) == (302, "/client/documents/1/")
    assert reads(acme_owner) == [True, False]
    assert "Notifications, 1 non lue" in browser.get(CENTRE).content.decode()


def test_opening_again_keeps_the_first_time(notice, acme_owner, client_of):
    browser = client_of(acme_owner)
    browser.get(reverse("notice", args=[notice.pk]))
    notice.refresh_from_db()
    first = notice.read_at

    browser.get(reverse("notice", args=[notice.pk]))

    notice.refresh_from_db()
    assert notice.read_at == first


@pytest.mark.parametrize("url", ["https://ailleurs.test/", "//ailleurs.test/", ""])
def test_never_leads_to_another_site(url, notice, acme_owner, client_of):
    Notification.objects.filter(pk=notice.pk).update(url=url)

    answer = client_of(acme_owner).get(reverse("notice", args=[notice.pk]))

    assert answer.url == CENTRE


def test_a_notice_of_somebody_else_of_the_client_does_not_exist(
    notice, acme, acme_owner, make_member, client_of
):
    colleague = make_member(acme, "owner")

    answer = client_of(colleague).get(reverse("notice", args=[notice.pk]))

    assert answer.status_code == 404
    assert reads(acme_owner) == [False, False]
    assert "Document 1" not in client_of(colleague).get(CENTRE).content.decode()


def test_marking_all_read_leaves_those_of_others(
    notice, acme, acme_owner, make_member, tell, client_of
):
    colleague = make_member(acme, "owner")
    tell(colleague, key="3")

    answer = client_of(acme_owner).post(reverse("read_notices"))

    assert (answer.status_code, answer.url) == (302, CENTRE)
    assert reads(acme_owner) == [True, True]
    assert reads(colleague) == [False]


def test_marking_all_read_is_a_post(notice, acme_owner, client_of):
    assert client_of(acme_owner).get(reverse("read_notices")).status_code == 405
    assert reads(acme_owner) == [False, False]


def test_shows_only_the_unread_or_a_subject(notice, acme_owner, client_of):
    browser = client_of(acme_owner)
    browser.get(reverse("notice", args=[notice.pk]))

    unread = browser.get(CENTRE, {"voir": "non-lues"}).content.decode()
    bills = browser.get(CENTRE, {"groupe": "factures"}).content.decode()
    documents = browser.get(CENTRE, {"groupe": "documents"}).content.decode()
    unknown = browser.get(CENTRE, {"groupe": "x"}).content.decode()

    assert ("Document 1" in unread, "FAC-2026-0001" in unread) == (False, True)
    assert ("Document 1" in bills, "FAC-2026-0001" in bills) == (False, True)
    assert ("Document 1" in documents, "FAC-2026-0001" in documents) == (True, False)
    assert "Aucune notification ne correspond" in unknown


def test_teaches_who_was_told_nothing(acme_owner, client_of):
    page = client_of(acme_owner).get(CENTRE).content.decode()

    assert "Rien de nouveau" in page
    assert "Tout marquer comme lu" not in page


def test_goes_on_by_pages(acme_owner, tell, team, client_of):
    for number in range(31):
        tell(acme_owner, key=str(number))
    browser = client_of(acme_owner)

    first, second = browser.get(CENTRE), browser.get(CENTRE, {"page": 2})

    assert first.content.decode().count('class="link-row notice"') == 30
    assert second.content.decode().count('class="link-row notice"') == 1
    assert browser.get(CENTRE, {"page": 3}).status_code == 404


@pytest.mark.parametrize("many", [3, 40])
def test_asks_the_same_of_the_database_however_many(many, acme_owner, tell, team, client_of):
    for number in range(many):
        tell(acme_owner, key=str(number))
    browser = client_of(acme_owner)
    browser.get(CENTRE)

    with CaptureQueriesContext(connection) as asked:
        browser.get(CENTRE)

    assert len([q for q in asked if "notify_notification" in q["sql"]]) == 1


def test_the_bell_alone_says_the_count(notice, acme_owner, client_of):
    page = client_of(acme_owner).get(reverse("notices_bell")).content.decode()

    assert page.count("<a ") == 1
    assert "Notifications, 2 non lues" in page
    assert 'hx-get="/client/notifications/cloche/"' in page


def test_the_home_page_shows_the_latest_with_what_is_unread(notice, acme_owner, client_of):
    browser = client_of(acme_owner)
    browser.get(reverse("notice", args=[notice.pk]))

    page = browser.get("/client/").content.decode()

    assert page.index("Facture FAC-2026-0001") < page.index("Document 1")
    assert page.count("data-unread") == 1


def test_a_person_of_two_clients_reads_those_of_the_space_they_are_in(
    notice, rival, acme_owner, make_member, tell, client_of
):
    make_member(rival, "owner", user=acme_owner)
    tell(acme_owner, key="9", client_id=rival.pk, text="Document de Rival")

    page = client_of(acme_owner).get(CENTRE).content.decode()

    assert ("Document 1" in page) != ("Document de Rival" in page)


def test_who_left_the_client_reads_nothing_of_it(notice, acme_owner, client_of):
    remove_member(membership=Membership.objects.get(user=acme_owner), actor=None)

    assert client_of(acme_owner).get(CENTRE).status_code == 404
    assert client_of(acme_owner).get(reverse("notice", args=[notice.pk])).status_code == 404


def test_a_visitor_signs_in_first(db, client_of):
    answer = client_of().get(CENTRE)

    assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/connexion/")
