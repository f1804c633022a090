"""Sending a file before its form, in pieces to our own disk, and joining it once."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from core import rls
from core.files import sending
from core.files.contents import ALLOWED
from core.files.models import StoredFile, Upload
from core.files.services import read_file
from core.files.tasks import purge_old_uploads
from core.files.uploads import SentFile, take
from tests.core.files.uploading import (
    LONG,
    PREPARE,
    announce,
    bytes_left,
    finish,
    piece,
    sent,
    the_upload,
)


@pytest.fixture(autouse=True)
def private_folder(private_on_disk):
    """Keep private files in a folder of the test."""
    return private_on_disk


@pytest.fixture
def browser(client_of, acme_owner):
    return client_of(acme_owner)


# --- The whole way --------------------------------------------------------------------------


def test_a_file_is_announced_sent_in_pieces_checked_and_joined(browser, acme, acme_owner, team):
    status, ticket = announce(browser, name="../Devis d’été 🏝.pdf", client=acme.pk)
    first = piece(browser, ticket, 0, LONG[:1000])
    second = piece(browser, ticket, 1000, LONG[1000:])
    finished = finish(browser, ticket)
    [file] = take([SentFile(the_upload(ticket).uuid)], client_id=acme.pk, actor=acme_owner)

    assert (status, ticket["mode"], ticket["offset"]) == (201, "pieces", 0)
    assert first == (200, {"offset": 1000})
    assert second == (200, {"offset": len(LONG)})
    assert finished[0] == 200
    assert finished[1]["state"] == "ready"
    assert (file.name, file.content_type) == ("Devis d’été 🏝.pdf", "application/pdf")
    assert (file.client, file.created_by, file.scan) == (acme, acme_owner, "unscanned")
    assert read_file(file.pk)[1] == LONG
    assert the_upload(ticket).state == "taken"


def test_what_is_kept_is_all_that_stays(browser, private_folder):
    ticket = sent(browser)

    finish(browser, ticket)

    assert bytes_left(private_folder) == [private_folder / the_upload(ticket).file.key]


def test_finishing_twice_gives_the_same_answer_and_one_file(browser, team):
    ticket = sent(browser)

    assert finish(browser, ticket) == finish(browser, ticket)

    assert StoredFile.objects.count() == 1


def test_without_a_client_named_the_only_one_is_meant(browser, acme, team):
    _, ticket = announce(browser)

    assert the_upload(ticket).client == acme


def test_a_name_of_300_characters_is_kept_short(browser):
    _, ticket = announce(browser, name="é" * 300 + ".pdf")

    assert ticket["name"] == "é" * 116 + ".pdf"


# --- A cut link -----------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [0, 1, 1000, len(LONG) - 1, len(LONG)])
def test_an_upload_goes_on_where_it_was_cut(browser, team, cut):
    _, ticket = announce(browser)
    piece(browser, ticket, 0, LONG[:cut])

    status = browser.get(ticket["status_url"])
    piece(browser, ticket, status.json()["offset"], LONG[cut:])

    assert status.json()["offset"] == cut
    assert status["Upload-Offset"] == str(cut)
    assert finish(browser, ticket)[0] == 200
    assert read_file(the_upload(ticket).file_id)[1] == LONG


def test_a_piece_whose_answer_was_lost_is_not_kept_twice(browser, team):
    _, ticket = announce(browser)
    piece(browser, ticket, 0, LONG[:1000])

    again = piece(browser, ticket, 0, LONG[:1000])
    beyond = piece(browser, ticket, 2000, LONG[2000:])
    piece(browser, ticket, again[1]["offset"], LONG[1000:])

    assert (again[0], again[1]["offset"]) == (409, 1000)
    assert (beyond[0], beyond[1]["offset"]) == (409, 1000)
    assert finish(browser, ticket)[0] == 200
    assert read_file(the_upload(ticket).file_id)[1] == LONG


def test_finishing_too_early_says_what_is_missing(browser, team):
    _, ticket = announce(browser)
    piece(browser, ticket, 0, LONG[:1000])

    status, answer = finish(browser, ticket)

    assert (status, answer["offset"]) == (409, 1000)
    assert not StoredFile.objects.exists()
    assert the_upload(ticket).state == "expected"


def test_a_page_that_was_closed_finds_its_upload_finished(browser):
    ticket = sent(browser)
    finish(browser, ticket)

    answer = browser.get(ticket["status_url"]).json()

    assert (answer["state"], answer["offset"]) == ("ready", len(LONG))


# --- Given up, forgotten --------------------------------------------------------------------


@pytest.mark.parametrize("is_whole", [False, True])
def test_an_upload_given_up_leaves_nothing(browser, team, private_folder, do_owed_work, is_whole):
    ticket = sent(browser)
    if is_whole:
        finish(browser, ticket)

    answer = browser.delete(ticket["status_url"])
    do_owed_work()

    assert answer.status_code == 204
    assert bytes_left(private_folder) == []
    assert not StoredFile.objects.exists()
    assert the_upload(ticket).state == "cancelled"


def test_a_joined_file_is_not_given_up(browser, acme, acme_owner, team):
    ticket = sent(browser)
    finish(browser, ticket)
    [file] = take([SentFile(the_upload(ticket).uuid)], client_id=acme.pk, actor=acme_owner)

    browser.delete(ticket["status_url"])

    assert read_file(file.pk)[1] == LONG


def test_a_day_later_what_nobody_took_is_gone(
    browser, acme, acme_owner, team, private_folder, do_owed_work
):
    joined, whole, half = sent(browser), sent(browser), sent(browser)
    finish(browser, joined)
    finish(browser, whole)
    [file] = take([SentFile(the_upload(joined).uuid)], client_id=acme.pk, actor=acme_owner)
    _, fresh = announce(browser)
    old = Upload.objects.exclude(uuid=fresh["id"])
    old.update(expires_at=timezone.now() - timedelta(minutes=1))

    purge_old_uploads()
    do_owed_work()

    assert [str(row.uuid) for row in Upload.objects.all()] == [fresh["id"]]
    assert bytes_left(private_folder) == [private_folder / file.key]
    assert list(StoredFile.objects.all()) == [file]
    assert browser.get(half["status_url"]).status_code == 404


# --- Somebody else --------------------------------------------------------------------------


def test_another_client_finds_no_such_upload(browser, rival_owner, client_of, team):
    _, ticket = announce(browser)
    piece(browser, ticket, 0, LONG[:1000])
    rival = client_of(rival_owner)

    assert rival.get(ticket["status_url"]).status_code == 404
    assert piece_status(rival, ticket) == 404
    assert rival.post(ticket["finish_url"]).status_code == 404
    assert rival.delete(ticket["status_url"]).status_code == 404
    assert the_upload(ticket).state == "expected"
    assert storages["private"].size(the_upload(ticket).key) == 1000


def piece_status(browser, ticket):
    return browser.patch(ticket["url"], b"x", headers={"Upload-Offset": "1000"}).status_code


def test_a_colleague_finds_no_such_upload_either(browser, acme, make_member, client_of):
    _, ticket = announce(browser)
    colleague = client_of(make_member(acme))

    assert colleague.get(ticket["status_url"]).status_code == 404
    assert piece_status(colleague, ticket) == 404
    assert the_upload(ticket).state == "expected"


def test_nobody_announces_a_file_for_another_client(browser, rival, team):
    status = browser.post(PREPARE, {"name": "a.pdf", "size": 3, "client": rival.pk}).status_code

    assert status == 404
    assert not Upload.objects.exists()


def test_the_team_announces_nothing_in_the_portal(client_of, owner_staff):
    answer = client_of(owner_staff).post(PREPARE, {"name": "a.pdf", "size": 3})

    assert answer.status_code == 404


def test_a_visitor_is_sent_to_sign_in(client_of, browser):
    _, ticket = announce(browser)

    assert client_of().get(ticket["status_url"]).status_code == 302
    assert client_of().post(PREPARE, {"name": "a.pdf", "size": 3}).status_code == 302


def test_a_request_from_elsewhere_is_refused(client_of, acme_owner, team):
    strict = client_of(acme_owner, enforce_csrf_checks=True)

    answer = strict.post(PREPARE, {"name": "a.pdf", "size": 3})

    assert answer.status_code == 403
    assert not Upload.objects.exists()


def test_what_somebody_else_sent_is_not_joined(
    browser, acme, rival, rival_owner, make_member, team
):
    ticket = sent(browser)
    finish(browser, ticket)
    token = the_upload(ticket).uuid

    for client, actor in [(rival, rival_owner), (acme, make_member(acme))]:
        with pytest.raises(sending.ValidationError, match="n’est plus disponible"):
            take([SentFile(token)], client_id=client.pk, actor=actor)

    assert the_upload(ticket).state == "ready"


def test_a_file_is_joined_once(browser, acme, acme_owner, team):
    ticket = sent(browser)
    finish(browser, ticket)
    token = the_upload(ticket).uuid
    take([SentFile(token)], client_id=acme.pk, actor=acme_owner)

    with pytest.raises(sending.ValidationError, match="n’est plus disponible"):
        take([SentFile(token)], client_id=acme.pk, actor=acme_owner)


def test_a_file_half_sent_is_not_joined(browser, acme, acme_owner, team):
    _, ticket = announce(browser)

    with pytest.raises(sending.ValidationError, match="pas encore arrivé"):
        take([SentFile(the_upload(ticket).uuid)], client_id=acme.pk, actor=acme_owner)


def test_the_database_itself_hides_uploads_of_others(browser, rival):
    _, ticket = announce(browser)

    with rls.clients(rival.pk), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM files_upload")

        assert cursor.fetchone() == (0,)
    assert the_upload(ticket).content_type == ALLOWED["pdf"]
    assert json.dumps(ticket)
