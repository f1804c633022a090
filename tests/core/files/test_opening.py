"""Files shown in a page of their own, and links of ours that open one for a time."""

import time

import pytest
from django.core import signing
from django.http import Http404

from core import rls
from core.accounts.services import remove_member
from core.files.links import facts_of_link, preview_response, signed_link
from core.files.services import store_file
from tests.conftest import BACKEND
from tests.core.files.test_links import fetch

PDF = b"%PDF-1.7\nbonjour\n%%EOF"


@pytest.fixture
def request_of(rf):
    return rf.get("/client/documents/1/v1/")


@pytest.fixture
def make_file(acme, team):
    def make(name="Compte rendu n° 6.pdf", content_type="application/pdf", content=PDF):
        return store_file(content=content, name=name, content_type=content_type, client_id=acme.pk)

    return make


# --- Shown in a page of their own -----------------------------------------------------------


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png"])
def test_pdf_and_pictures_are_shown_where_nothing_runs(request_of, make_file, content_type):
    response = preview_response(request_of, make_file(content_type=content_type))
    response.file_to_stream.close()

    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"].startswith("inline;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("on_bucket", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_text_is_shown_as_plain_text_in_utf8(request, request_of, make_file, encoding, on_bucket):
    if on_bucket:
        request.getfixturevalue("on_s3")
    table = "<b>ville</b>;échéance\n"
    file = make_file(name="a.csv", content_type="text/csv", content=table.encode(encoding))

    response = preview_response(request_of, file)

    assert response.content.decode() == table
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("content_type", ["application/zip", "image/svg+xml", "text/html"])
def test_other_types_are_for_download_only(request_of, make_file, content_type):
    with pytest.raises(Http404):
        preview_response(request_of, make_file(content_type=content_type))


def test_a_text_too_long_for_a_page_is_for_download_only(request_of, make_file):
    file = make_file(name="a.txt", content_type="text/plain", content=b"a" * 2_000_001)

    with pytest.raises(Http404):
        preview_response(request_of, file)


# --- Our own signed links -------------------------------------------------------------------


def opened(browser, link):
    response = browser.get(link)
    content = b"".join(response.streaming_content) if response.streaming else b""
    return response.status_code, content, response


def test_whoever_holds_a_signed_link_reads_the_file_without_a_session(make_file, client_of):
    status, content, response = opened(client_of(), signed_link(make_file(), seconds=60))

    assert (status, content) == (200, PDF)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith("attachment;")


def test_a_signed_link_is_over_after_its_time(make_file, client_of, monkeypatch):
    link = signed_link(make_file(), seconds=60)
    later = time.time() + 61
    monkeypatch.setattr(signing.time, "time", lambda: later)

    status, content, response = opened(client_of(), link)

    assert (status, content) == (403, b"")
    assert "Ce lien a expiré." in response.content.decode()


def test_a_signed_link_lives_as_long_as_the_settings_say(settings, make_file):
    settings.FILE_LINK_SECONDS = 120

    assert facts_of_link(signed_link(make_file()).split("/")[2])["s"] == 120


def test_a_signed_link_never_lives_longer_than_thirty_days(make_file):
    link = signed_link(make_file(), seconds=10**9)

    assert facts_of_link(link.split("/")[2])["s"] == 30 * 24 * 3600


@pytest.mark.parametrize(
    "touch", [str.upper, lambda link: link[:-2] + "x/", lambda _: "/fichiers/x/"]
)
def test_a_signed_link_that_was_touched_opens_nothing(make_file, client_of, touch):
    path = "/fichiers/" + touch(signed_link(make_file())).split("/")[-2] + "/"

    status, content, _ = opened(client_of(), path)

    assert (status, content) == (403, b"")


def test_a_link_of_somebody_needs_their_session(make_file, acme_owner, rival_owner, client_of):
    link = signed_link(make_file(), user=acme_owner)

    assert opened(client_of(acme_owner), link)[:2] == (200, PDF)
    assert opened(client_of(rival_owner), link)[:2] == (403, b"")
    assert opened(client_of(), link)[:2] == (403, b"")


def test_a_link_of_somebody_who_left_opens_nothing(make_file, acme_owner, client_of):
    link = signed_link(make_file(), user=acme_owner)
    browser = client_of(acme_owner)
    with rls.staff("test"):
        remove_member(membership=acme_owner.memberships.get(), actor=None)
    browser.force_login(acme_owner, backend=BACKEND)

    assert opened(browser, link)[:2] == (403, b"")


def test_a_signed_link_to_a_file_that_is_gone_finds_nothing(make_file, client_of):
    file = make_file()
    link = signed_link(file)
    file.delete()

    assert opened(client_of(), link)[0] == 404


def test_on_s3_our_link_leads_to_one_of_the_bucket(on_s3, make_file, client_of):
    response = client_of().get(signed_link(make_file()))

    assert response.status_code == 302
    assert fetch(response["Location"])[::2] == (200, PDF)
