"""Sending a file straight to the bucket: what it refuses by itself, and what we check after."""

import io
import json
import uuid
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import botocore.signers
import pytest
from django.core.files.storage import storages
from django.utils import timezone

from core import rls
from core.access.headers import portal_policy
from core.files import on_s3
from core.files.models import StoredFile, Upload
from core.files.services import read_file
from core.files.tasks import purge_old_uploads
from nourx_site.settings.environment import s3_origin
from tests.core.files.samples import HTML, PDF, picture

LONG = PDF[:9] + b"%" * 3000 + PDF[9:]
PREPARE = "/client/fichiers/preparer/"


@pytest.fixture
def browser(on_s3, client_of, acme_owner):
    return client_of(acme_owner)


def announce(browser, content=LONG, name="devis.pdf"):
    return browser.post(PREPARE, {"name": name, "size": len(content)}).json()


def post_to_bucket(ticket, content, **changed):
    """Send a file as a browser does, with other fields if told; return the status."""
    boundary = uuid.uuid4().hex
    body = io.BytesIO()
    for name, value in {**ticket["fields"], **changed}.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        body.write(f"{head}{value}\r\n".encode())
    disposition = 'Content-Disposition: form-data; name="file"; filename="x"'
    body.write(f"--{boundary}\r\n{disposition}\r\n\r\n".encode() + content)
    body.write(f"\r\n--{boundary}--\r\n".encode())
    kind = f"multipart/form-data; boundary={boundary}"
    request = Request(ticket["url"], body.getvalue(), {"Content-Type": kind})
    try:
        with urlopen(request) as answer:
            return answer.status
    except HTTPError as refusal:
        with refusal:
            return refusal.code


def finish(browser, ticket):
    answer = browser.post(ticket["finish_url"])
    return answer.status_code, answer.json()


def the_upload(ticket):
    with rls.staff("test"):
        return Upload.objects.select_related("file").get(uuid=ticket["id"])


def is_there(key):
    return storages["private"].exists(key)


def head_of(key):
    client, bucket = on_s3_bucket()
    return client.head_object(Bucket=bucket, Key=key)


def on_s3_bucket():
    store = storages["private"]
    return store.connection.meta.client, store.bucket_name


# --- The whole way --------------------------------------------------------------------------


def test_a_file_goes_straight_to_the_bucket_and_is_kept_apart(browser, team):
    ticket = announce(browser)

    stored = post_to_bucket(ticket, LONG)
    status, answer = finish(browser, ticket)

    file = the_upload(ticket).file
    assert (ticket["mode"], stored, status, answer["state"]) == ("form", 201, 200, "ready")
    assert read_file(file.pk)[1] == LONG
    assert not is_there(the_upload(ticket).key)
    kept = head_of(file.key)
    assert kept["ContentType"] == "application/octet-stream"
    assert kept["ContentDisposition"] == "attachment"
    assert kept["CacheControl"] == "private, no-store"


def test_the_form_is_for_one_key_one_type_and_one_size(browser):
    ticket = announce(browser, name="photo.jpeg")

    policy = json.loads(b64decode(ticket["fields"]["policy"]))

    assert ticket["fields"]["key"] == f"incoming/{ticket['id']}"
    assert {"Content-Type": "image/jpeg"} in policy["conditions"]
    assert ["content-length-range", 1, len(LONG)] in policy["conditions"]
    assert {"key": ticket["fields"]["key"]} in policy["conditions"]
    assert "starts-with" not in json.dumps(policy)
    life = datetime.fromisoformat(policy["expiration"]) - datetime.now(UTC)
    assert timedelta(seconds=590) < life <= timedelta(seconds=600)


def test_after_a_cut_a_browser_learns_that_all_had_arrived(browser):
    ticket = announce(browser)
    before = browser.get(ticket["status_url"]).json()
    post_to_bucket(ticket, LONG)

    after = browser.get(ticket["status_url"]).json()

    assert (before["offset"], after["offset"]) == (0, len(LONG))
    assert after["state"] == "expected"


def test_finishing_before_anything_arrived_changes_nothing(browser, team):
    ticket = announce(browser)

    status, answer = finish(browser, ticket)

    assert (status, answer["offset"]) == (409, 0)
    assert the_upload(ticket).state == "expected"


def test_finishing_twice_keeps_one_file(browser, team):
    ticket = announce(browser)
    post_to_bucket(ticket, LONG)

    assert finish(browser, ticket) == finish(browser, ticket)

    assert StoredFile.objects.count() == 1


def test_our_own_address_takes_no_pieces(browser):
    ticket = announce(browser)

    answer = browser.patch(ticket["status_url"], LONG, headers={"Upload-Offset": "0"})

    assert answer.status_code == 400


# --- What the bucket refuses ----------------------------------------------------------------


def test_more_bytes_than_announced_do_not_enter(browser):
    ticket = announce(browser)

    assert post_to_bucket(ticket, LONG + b"x") == 400
    assert not is_there(the_upload_key(ticket))


def the_upload_key(ticket):
    return f"incoming/{ticket['id']}"


@pytest.mark.parametrize(
    "changed",
    [
        {"Content-Type": "text/html"},
        {"key": "incoming/another"},
        {"key": "docs/another"},
        {"policy": b64encode(b'{"expiration":"2099-01-01T00:00:00Z","conditions":[]}').decode()},
        {"x-amz-signature": "0" * 64},
    ],
)
def test_a_form_that_was_touched_does_not_enter(browser, changed):
    ticket = announce(browser)

    assert post_to_bucket(ticket, LONG, **changed) == 403
    assert not is_there(the_upload_key(ticket))
    assert not is_there("docs/another")


def test_a_form_is_dead_after_ten_minutes_and_another_is_given(browser, monkeypatch):
    past = datetime.now(UTC) - timedelta(minutes=11)
    with monkeypatch.context() as clock:
        clock.setattr(botocore.signers, "get_current_datetime", lambda *_, **__: past)
        ticket = announce(browser)

    dead = post_to_bucket(ticket, LONG)
    fresh = browser.get(ticket["status_url"]).json()

    assert dead == 403
    assert not is_there(the_upload_key(ticket))
    assert post_to_bucket(fresh, LONG) == 201
    assert finish(browser, fresh)[0] == 200


# --- What we refuse -------------------------------------------------------------------------


def test_fewer_bytes_than_announced_are_refused_and_gone(browser, team):
    ticket = announce(browser)
    post_to_bucket(ticket, PDF)

    status, answer = finish(browser, ticket)

    assert (status, answer["error"]) == (
        422,
        "Ce fichier n’a pas la taille annoncée. Envoyez-le de nouveau.",
    )
    assert not is_there(the_upload_key(ticket))
    assert not StoredFile.objects.exists()


def test_bytes_that_lie_are_refused_and_gone(browser, team):
    ticket = announce(browser, HTML)
    post_to_bucket(ticket, HTML)

    status, answer = finish(browser, ticket)

    assert (status, answer["error"]) == (
        422,
        "Le contenu de ce fichier ne correspond pas à son nom.",
    )
    assert not is_there(the_upload_key(ticket))
    assert not StoredFile.objects.exists()


def test_bytes_swapped_while_we_checked_are_refused(browser, team, monkeypatch):
    ticket = announce(browser, picture("PNG"), "photo.png")
    post_to_bucket(ticket, picture("PNG"))
    honest_read = on_s3.read

    def read_then_swap(upload):
        found = honest_read(upload)
        assert post_to_bucket(ticket, b"<script>"[: upload.size]) == 201
        return found

    monkeypatch.setattr(on_s3, "read", read_then_swap)
    status, answer = finish(browser, ticket)

    assert (status, answer["error"]) == (
        422,
        "Ce fichier a changé pendant la vérification. Envoyez-le de nouveau.",
    )
    assert not is_there(the_upload_key(ticket))
    assert not StoredFile.objects.exists()


def test_posting_again_after_acceptance_changes_nothing_kept(browser, team):
    ticket = announce(browser)
    post_to_bucket(ticket, LONG)
    finish(browser, ticket)

    post_to_bucket(ticket, PDF)

    assert read_file(the_upload(ticket).file_id)[1] == LONG


# --- Afterwards -----------------------------------------------------------------------------


def test_a_day_later_nothing_is_left_in_the_bucket(browser, team, do_owed_work):
    half, whole = announce(browser), announce(browser)
    post_to_bucket(half, LONG)
    post_to_bucket(whole, LONG)
    finish(browser, whole)
    key = the_upload(whole).file.key
    Upload.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    purge_old_uploads()
    do_owed_work()

    assert [is_there(key), is_there(the_upload_key(half))] == [False, False]
    assert not Upload.objects.exists()


def test_another_client_gets_no_form(browser, rival_owner, client_of):
    ticket = announce(browser)

    assert client_of(rival_owner).get(ticket["status_url"]).status_code == 404


# --- Pages may post there -------------------------------------------------------------------


def test_pages_may_connect_to_the_bucket_when_there_is_one(settings):
    settings.S3_ORIGIN = "https://s3.exemple.ci"
    assert "connect-src 'self' https://s3.exemple.ci;" in portal_policy()

    settings.S3_ORIGIN = ""
    assert "connect-src 'self';" in portal_policy()


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ({}, ""),
        ({"AWS_STORAGE_BUCKET_NAME": "b"}, "https://s3.amazonaws.com"),
        (
            {"AWS_STORAGE_BUCKET_NAME": "b", "AWS_S3_REGION_NAME": "eu-west-3"},
            "https://s3.eu-west-3.amazonaws.com",
        ),
        (
            {"AWS_STORAGE_BUCKET_NAME": "b", "AWS_S3_ENDPOINT_URL": "http://127.0.0.1:9000/x"},
            "http://127.0.0.1:9000",
        ),
    ],
)
def test_the_origin_of_the_bucket_is_read_from_the_environment(monkeypatch, given, origin):
    for name in ("AWS_STORAGE_BUCKET_NAME", "AWS_S3_REGION_NAME", "AWS_S3_ENDPOINT_URL"):
        monkeypatch.setenv(name, given.get(name, ""))

    assert s3_origin() == origin
