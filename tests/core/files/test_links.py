"""Handing a private file over: the bytes themselves from disk, a short signed link from S3."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit, urlunsplit
from urllib.request import Request, urlopen

import botocore.auth
import pytest
from django.core.files.storage import storages
from django.test import RequestFactory

from core.files.links import download_response
from core.files.services import read_file, remove_bytes, store_file

PDF = b"%PDF-1.7\nbonjour\n%%EOF"


@pytest.fixture
def request_of(rf: RequestFactory):
    return rf.get("/client/documents/1/v1/")


@pytest.fixture
def make_file(acme, team):
    def make(name="Compte rendu n° 6.pdf", content_type="application/pdf", content=PDF):
        return store_file(content=content, name=name, content_type=content_type, client_id=acme.pk)

    return make


def fetch(address, **headers):
    """Return the status, the headers and the bytes at an address, whatever the status."""
    try:
        with urlopen(Request(address, headers=headers)) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, b""


@contextmanager
def handed_over(request, file, **options):
    """Give the answer, and close its file afterwards, as the server would."""
    response = download_response(request, file, **options)
    try:
        yield response
    finally:
        response.close()


def link_to(request, file, **options):
    return download_response(request, file, **options)["Location"]


# --- From disk ------------------------------------------------------------------------------


def test_a_file_on_disk_is_downloaded_under_its_name(request_of, make_file):
    with handed_over(request_of, make_file()) as response:
        content = b"".join(response.streaming_content)

    assert content == PDF
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''Compte%20rendu%20n%C2%B0%206.pdf"
    )
    assert response["Content-Length"] == str(len(PDF))


def test_a_file_on_disk_is_kept_by_no_cache_and_may_run_nothing(request_of, make_file):
    with handed_over(request_of, make_file()) as response:
        pass

    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_pdf_is_shown_in_the_page_when_asked(request_of, make_file):
    with handed_over(request_of, make_file(), inline=True) as response:
        pass

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline;")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("content_type", ["text/plain", "text/html", "image/svg+xml"])
def test_what_could_run_is_never_shown_in_the_page(request_of, make_file, content_type):
    file = make_file(name="page.txt", content_type=content_type)

    with handed_over(request_of, file, inline=True) as response:
        pass

    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="page.txt"'


# --- From S3 --------------------------------------------------------------------------------


def test_a_file_in_the_bucket_comes_back(on_s3, make_file):
    file = make_file()

    assert read_file(file.pk)[1] == PDF


def test_nobody_reads_the_bucket_without_a_signature(on_s3, make_file):
    file = make_file()
    bucket = storages["private"].bucket_name

    assert fetch(f"{on_s3}/{bucket}/{file.key}")[0] == 403
    assert fetch(f"{on_s3}/{bucket}/")[0] == 403


def test_a_signed_link_opens_the_file_under_its_name(on_s3, request_of, make_file):
    status, headers, content = fetch(link_to(request_of, make_file()))

    assert (status, content) == (200, PDF)
    assert headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''Compte%20rendu%20n%C2%B0%206.pdf"
    )
    assert headers["Content-Type"] == "application/octet-stream"


def test_a_signed_link_shows_a_pdf_when_asked(on_s3, request_of, make_file):
    _, headers, _ = fetch(link_to(request_of, make_file(), inline=True))

    assert headers["Content-Disposition"].startswith("inline;")
    assert headers["Content-Type"] == "application/pdf"


def test_a_link_lives_as_long_as_the_settings_say(on_s3, settings, request_of, make_file):
    settings.FILE_LINK_SECONDS = 120

    query = parse_qs(urlsplit(link_to(request_of, make_file())).query)

    assert query["X-Amz-Expires"] == ["120"]


def test_a_link_is_dead_after_its_time(on_s3, request_of, make_file, monkeypatch):
    file = make_file()
    signed_at = datetime.now(UTC) - timedelta(minutes=10)

    with monkeypatch.context() as clock:
        clock.setattr(botocore.auth, "get_current_datetime", lambda *_, **__: signed_at)
        link = link_to(request_of, file)

    assert fetch(link)[0] == 403


@pytest.mark.parametrize("name", ["X-Amz-Signature", "X-Amz-Expires"])
def test_a_link_that_was_touched_is_refused(on_s3, request_of, make_file, name):
    link = urlsplit(link_to(request_of, make_file()))
    value = parse_qs(link.query)[name][0]
    other = value[:-1] + ("0" if value[-1] != "0" else "1")

    touched = urlunsplit(link._replace(query=link.query.replace(value, other)))

    assert fetch(touched)[0] == 403


def test_a_link_to_one_file_does_not_open_another(on_s3, request_of, make_file):
    mine, other = make_file(), make_file(name="autre.pdf")

    link = link_to(request_of, mine).replace(mine.key, other.key)

    assert fetch(link)[0] == 403


def test_another_name_cannot_be_put_on_a_link(on_s3, request_of, make_file):
    link = link_to(request_of, make_file()).replace("attachment", "inline")

    assert fetch(link)[0] == 403


def test_bytes_removed_from_the_bucket_are_gone(on_s3, make_file):
    file = make_file()
    key = file.key
    file.delete()

    remove_bytes(key)
    remove_bytes(key)

    assert not storages["private"].exists(key)
