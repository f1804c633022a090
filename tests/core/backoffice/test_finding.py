"""The search of the whole back-office, and the bell: to each their own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.notify.models import TeamNotice
from core.notify.team import tell_staff

SEARCH = "/admin/recherche/palette/"


@pytest.fixture
def told(manager, editor):
    """The manager has a notice; the editor has none."""
    tell_staff("essai", to=[manager], text="À voir", url="/admin/", key="1", mails=False)
    return TeamNotice.objects.get()


def found(browser, text):
    page = browser.get(SEARCH, {"q": text})
    return {one.key: [str(hit.title) for hit in one.hits] for one in page.context["found"]}


def test_an_exact_number_comes_first(as_manager, make_client, make_invoice):
    client = make_client("FAC-2026 Conseil")
    for number in ("FAC-2026-0010", "FAC-2026-0001", "FAC-2026-0011"):
        make_invoice(client, number)

    hits = found(as_manager, "fac-2026-0001")["invoices"]

    assert hits[0].startswith("FAC-2026-0001")


def test_accents_and_case_do_not_matter(as_manager, make_client):
    make_client("Koné & Frères")

    assert found(as_manager, "KONE freres")["clients"] == ["Koné & Frères"]


def test_screens_and_acts_are_found_by_their_words(as_manager):
    hits = found(as_manager, "nouvelle fact")

    assert hits["actes"] == ["Nouvelle facture"]


def test_an_editor_finds_nothing_of_clients_nor_of_money(as_editor, make_client, make_invoice):
    make_invoice(make_client("Akwaba"), "FAC-2026-0001")

    keys = set(found(as_editor, "akwaba")) | set(found(as_editor, "FAC-2026-0001"))
    acts = found(as_editor, "nouvelle")

    assert not keys & {"clients", "contacts", "invoices", "quotes", "creditnotes", "payments"}
    assert "Nouvelle facture" not in acts.get("actes", [])


def test_somebody_of_a_client_does_not_search(client_of, acme_owner):
    answer = client_of(acme_owner).get(SEARCH, {"q": "akwaba"})

    assert answer.status_code in (302, 403)


def test_a_search_asks_each_source_once(as_manager, make_client):
    make_client("Akwaba")
    found(as_manager, "akwaba")

    with CaptureQueriesContext(connection) as few:
        found(as_manager, "akwaba")
    for number in range(8):
        make_client(f"Akwaba {number}")
    with CaptureQueriesContext(connection) as many:
        found(as_manager, "akwaba")

    assert len(many) <= len(few)


def test_a_notice_is_its_owners(told, as_manager, as_editor, django_capture_on_commit_callbacks):
    assert as_manager.get("/admin/avis/compte/").json() == {"unread": 1}
    assert as_editor.get(f"/admin/avis/{told.pk}/").status_code == 404
    assert as_editor.get("/admin/avis/compte/").json() == {"unread": 0}

    with django_capture_on_commit_callbacks(execute=True):
        answer = as_manager.get(f"/admin/avis/{told.pk}/")

    assert answer.url == "/admin/"
    assert as_manager.get("/admin/avis/compte/").json() == {"unread": 0}


def test_what_is_switched_off_is_no_longer_told(told, manager, as_manager):
    as_manager.post("/admin/avis/choix/", {"mail:essai": "on"})

    tell_staff("essai", to=[manager], text="Encore", url="/admin/", key="2", mails=False)

    assert TeamNotice.objects.count() == 1
