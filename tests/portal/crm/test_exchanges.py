"""E-mails and calls in the history of a client: kept by the team, for the team alone."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import ModelLogEntry

from core import rls
from core.backoffice.history import PER_PAGE, Cursor, read_page
from core.files.models import StoredFile
from core.hooks import timeline_sources
from portal.crm import services
from portal.crm.models import Interaction
from tests.portal.crm.test_eml import make_email

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def browser(client_of, manager):
    return client_of(manager)


@pytest.fixture
def emails_url(acme):
    return reverse("crm_client_emails", args=[acme.pk])


@pytest.fixture
def make_note(acme, manager):
    """Return a function that puts a note in Acme's history."""

    def make(body="Un mot", *, at=AT, kind="note", author=None):
        with rls.staff("test"):
            return services.keep_exchange(
                client=acme, kind=kind, body=body, happened_at=at, at=at, actor=author or manager
            )

    return make


def kept():
    with rls.staff("test"):
        return list(Interaction.objects.order_by("pk"))


def post_json(browser, url, **values):
    return browser.post(url, json.dumps(values), content_type="application/json")


def test_an_email_of_three_fields_is_kept_and_answered_as_json(browser, emails_url, acme, manager):
    answer = post_json(
        browser, emails_url, sender="Awa <awa@acme.test>", subject="Devis", body="Bonjour"
    )

    row = kept()[0]
    assert answer.status_code == 201
    assert answer.json() == {
        "id": row.pk,
        "kind": "email_client",
        "sender": "Awa <awa@acme.test>",
        "subject": "Devis",
        "body": "Bonjour",
        "happened_at": row.happened_at.isoformat(),
        "message_id": None,
        "url": reverse("wagtailsnippets_crm_interaction:inspect", args=[row.pk]),
    }
    assert (row.client_id, row.author_id) == (acme.pk, manager.pk)


def test_an_empty_body_is_refused_and_what_was_typed_stays(browser, emails_url):
    answer = browser.post(emails_url, {"sender": "Awa", "subject": "Devis du site", "body": " "})

    assert answer.status_code == 422
    assert "il est vide" in answer.content.decode()
    assert "Devis du site" in answer.content.decode()
    assert kept() == []


def test_a_message_id_counts_once_and_leads_to_the_first(browser, emails_url):
    first = post_json(browser, emails_url, sender="a", body="un", message_id="<m1@x.test>").json()

    again = post_json(browser, emails_url, sender="b", body="deux", message_id="m1@x.test")

    assert (again.status_code, again.json()["url"]) == (409, first["url"])
    assert len(kept()) == 1


def test_an_eml_fills_the_fields_and_keeps_its_good_files(browser, emails_url):
    message = make_email()
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="plan.pdf")
    message.add_attachment(b"MZ..", maintype="application", subtype="pdf", filename="virus.exe")
    file = SimpleUploadedFile("m.eml", message.as_bytes(), "message/rfc822")

    answer = browser.post(emails_url, {"source": file, "keeps_files": "on"})

    row = kept()[0]
    with rls.staff("test"):
        names = [one.file.name for one in row.files.select_related("file")]
    assert answer.status_code == 302
    assert (row.sender, row.subject) == ("Awa Koné <awa@acme.test>", "Réunion de lundi")
    assert row.happened_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert names == ["plan.pdf"]
    assert row.meta["refused_files"] == ["virus.exe"]
    assert row.message_id == "abc-1@acme.test"


def test_a_pasted_source_is_read_like_a_file(browser, emails_url):
    browser.post(emails_url, {"body": make_email().as_string()})

    assert kept()[0].subject == "Réunion de lundi"


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\x00\x01\x02 rien", "pas un e-mail"), (b"a" * 30_000_001, "la limite est de 30 Mo")],
)
def test_a_broken_or_too_large_file_is_refused_in_words(content, words, browser, emails_url):
    file = SimpleUploadedFile("m.eml", content, "message/rfc822")

    answer = browser.post(emails_url, {"source": file, "subject": "gardé"})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert kept() == []


def test_a_call_is_noted_from_the_client_and_leads_back_to_its_history(browser, acme):
    url = reverse("crm_client_exchange", args=[acme.pk])

    answer = browser.post(url, {"kind": "call", "body": "Il rappelle jeudi."})

    row = kept()[0]
    assert (row.kind, row.body) == ("call", "Il rappelle jeudi.")
    assert answer.url.endswith("?onglet=historique")


def test_a_date_to_come_is_refused(browser, acme):
    url = reverse("crm_client_exchange", args=[acme.pk])

    answer = browser.post(url, {"kind": "call", "body": "x", "happened_at": "2099-01-01T10:00"})

    assert answer.status_code == 422
    assert kept() == []


def test_nobody_but_the_team_of_sales_writes_or_reads(
    client_of, acme, acme_owner, editor, emails_url, make_note
):
    row = make_note("Secret de la maison")
    page = reverse("wagtailsnippets_crm_interaction:inspect", args=[row.pk])
    values = {"sender": "a", "body": "x"}

    anonymous = post_json(client_of(), emails_url, **values)
    theirs = post_json(client_of(acme_owner), emails_url, **values)
    editors = post_json(client_of(editor), emails_url, **values)

    assert anonymous.status_code == 302
    assert theirs.status_code in (302, 403)
    assert editors.status_code in (302, 403)
    assert client_of(editor).get(page).status_code in (302, 403, 404)
    assert kept() == [row]


def test_no_page_of_the_client_shows_an_exchange(client_of, acme_owner, make_note):
    make_note("Secret de la maison", kind="call")
    browser = client_of(acme_owner)

    pages = ("/client/", "/client/notifications/", "/client/profil/", "/client/documents/")

    assert not any("Secret de la maison" in browser.get(page).content.decode() for page in pages)


def test_an_exchange_is_edited_by_its_author_alone(client_of, make_note, make_staff, browser):
    row = make_note("Le mien")
    other = client_of(make_staff("manager", email="autre@nourx.test"))
    url = reverse("wagtailsnippets_crm_interaction:edit", args=[row.pk])

    assert browser.get(url).status_code == 200
    assert other.get(url).status_code in (302, 403)


def test_an_exchange_is_removed_with_its_files_and_the_log_keeps_it(browser, emails_url):
    message = make_email()
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="plan.pdf")
    file = SimpleUploadedFile("m.eml", message.as_bytes(), "message/rfc822")
    browser.post(emails_url, {"source": file, "keeps_files": "on"})
    row = kept()[0]

    browser.post(reverse("wagtailsnippets_crm_interaction:retirer", args=[row.pk]))

    with rls.staff("test"):
        assert not StoredFile.objects.filter(name="plan.pdf").exists()
        assert ModelLogEntry.objects.filter(action="interaction_removed").count() == 1
    assert kept() == []


def test_the_history_is_read_in_pages_that_lose_nothing(acme, make_note, owner_staff):
    for number in range(PER_PAGE + 5):
        make_note(f"Note {number}", at=AT - timedelta(minutes=number // 10))

    with rls.staff("test"):
        sources = timeline_sources(acme, owner_staff)
        first = read_page(sources, cursor=Cursor(), kind="notes", text="")
        second = read_page(sources, cursor=Cursor.read(str(first.following)), kind="notes", text="")

    bodies = [entry.body for entry in (*first.entries, *second.entries)]
    assert (len(first.entries), len(second.entries)) == (PER_PAGE, 5)
    assert len(set(bodies)) == PER_PAGE + 5
    assert second.following is None


def test_the_history_is_filtered_by_kind_and_by_words_without_accents(acme, make_note, owner_staff):
    make_note("Réunion décalée", kind="call")
    make_note("Autre chose", kind="note")

    with rls.staff("test"):
        sources = timeline_sources(acme, owner_staff)
        calls = read_page(sources, cursor=Cursor(), kind="appels", text="")
        found = read_page(sources, cursor=Cursor(), kind="", text="REUNION")

    assert [entry.kind for entry in calls.entries] == ["appels"]
    assert [entry.body for entry in found.entries] == ["Réunion décalée"]


@pytest.mark.parametrize(
    "text", ["", "x", "2026-13-01T00:00:00+00:00~1", "2026-11-20~1", "~~", "a~9999"]
)
def test_a_cursor_that_is_none_starts_at_the_newest(text):
    assert Cursor.read(text) == Cursor()


def test_the_tab_of_the_history_asks_as_much_for_one_event_as_for_many(
    browser, acme, make_note, django_assert_max_num_queries
):
    url = reverse("wagtailsnippets_accounts_client:inspect", args=[acme.pk]) + "?onglet=historique"
    make_note()
    browser.get(url)
    for number in range(20):
        make_note(f"Note {number}", at=AT - timedelta(hours=number))

    with django_assert_max_num_queries(50):
        page = browser.get(url).content.decode()

    assert "Ajouter dans l’historique" in page
    assert "?onglet=historique&amp;nature=emails" in page
