"""Sending a file before its form, in pieces to our own disk; and every way it is refused."""

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
from tests.core.files.samples import HTML, PDF, PROGRAM, SVG, archive, picture

PREPARE = "/client/fichiers/preparer/"
LONG = PDF[:9] + b"%" * 3000 + PDF[9:]


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    """Keep private files in a folder of the test."""
    disk = settings.STORAGES["private"]
    options = {**disk["OPTIONS"], "location": tmp_path / "private"}
    settings.STORAGES = {**settings.STORAGES, "private": {**disk, "OPTIONS": options}}
    return tmp_path / "private"


@pytest.fixture
def browser(client_of, acme_owner):
    return client_of(acme_owner)


def announce(browser, content=LONG, name="devis.pdf", **fields):
    answer = browser.post(PREPARE, {"name": name, "size": len(content), **fields})
    return answer.status_code, answer.json()


def piece(browser, ticket, offset, content):
    answer = browser.patch(
        ticket["url"],
        content,
        content_type="application/offset+octet-stream",
        headers={"Upload-Offset": str(offset)},
    )
    return answer.status_code, answer.json()


def finish(browser, ticket):
    answer = browser.post(ticket["finish_url"])
    return answer.status_code, answer.json()


def sent(browser, content=LONG, name="devis.pdf"):
    _, ticket = announce(browser, content, name)
    piece(browser, ticket, 0, content)
    return ticket


def bytes_left(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def the_upload(ticket):
    with rls.staff("test"):
        return Upload.objects.select_related("file").get(uuid=ticket["id"])


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


# --- Refused before a byte ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "size", "reason"),
    [
        ("film.zip", 5_000_000_000, "Ce fichier fait 5\xa0Go ; la limite est de 25\xa0Mo."),
        ("vide.pdf", 0, "Ce fichier est vide."),
        ("vide.pdf", "-3", "Ce fichier est vide."),
        ("vide.pdf", "beaucoup", "Ce fichier est vide."),
        (
            "setup.exe",
            10,
            "Ce type de fichier n’est pas accepté. Envoyez un PDF, une image ou un ZIP.",
        ),
        (
            "logo.svg",
            10,
            "Ce type de fichier n’est pas accepté. Envoyez un PDF, une image ou un ZIP.",
        ),
        ("pdf", 10, "Ce type de fichier n’est pas accepté. Envoyez un PDF, une image ou un ZIP."),
    ],
)
def test_what_cannot_be_kept_is_refused_at_once(browser, team, name, size, reason):
    answer = browser.post(PREPARE, {"name": name, "size": size})

    assert (answer.status_code, answer.json()) == (422, {"error": reason})
    assert not Upload.objects.exists()


def test_a_client_whose_space_is_full_is_told_what_is_left(browser, settings, team):
    settings.CLIENT_STORAGE_MB = 1
    announce(browser, b"a" * 600_000, "a.txt")

    status, answer = announce(browser, b"a" * 600_000, "b.txt")

    assert status == 422
    assert (
        answer["error"] == "Votre espace de fichiers est plein : il reste 400\xa0ko. Écrivez-nous."
    )
    assert Upload.objects.count() == 1


def test_twenty_uploads_may_be_open_at_once(browser, team):
    for _ in range(20):
        announce(browser)

    status, answer = announce(browser)

    assert status == 429
    assert answer["error"].startswith("Trop de fichiers sont déjà en cours d’envoi.")


def test_sixty_uploads_an_hour_is_the_most_cancelled_ones_included(browser, acme, acme_owner, team):
    now = timezone.now()
    for _ in range(60):
        upload = sending.prepare_upload(
            name="a.txt", size=1, client_id=acme.pk, actor=acme_owner, at=now
        )
        sending.cancel_upload(upload=upload)

    answer = browser.post(PREPARE, {"name": "a.txt", "size": 1})

    assert answer.status_code == 429
    assert answer["Retry-After"] == "3600"
    assert answer.json()["error"].startswith("Vous avez envoyé beaucoup de fichiers.")
    Upload.objects.update(created_at=now - timedelta(hours=2))
    assert announce(browser, b"a", "a.txt")[0] == 201


# --- Refused by the bytes -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("facture.pdf", PROGRAM),
        ("facture.pdf", HTML),
        ("photo.png", SVG),
        ("photo.jpg", picture("PNG")),
        ("lot.zip", archive({"zeros.txt": bytes(30_000_000)})),
        ("lot.zip", archive({"../../etc/x": b"x"})),
        ("note.txt", SVG),
    ],
)
def test_bytes_that_lie_are_refused_and_nothing_stays(browser, team, private_folder, name, content):
    ticket = sent(browser, content, name)

    status, answer = finish(browser, ticket)

    assert (status, answer["error"]) == (
        422,
        "Le contenu de ce fichier ne correspond pas à son nom.",
    )
    assert bytes_left(private_folder) == []
    assert not StoredFile.objects.exists()
    assert the_upload(ticket).state == "refused"
    assert finish(browser, ticket) == (status, answer)


def test_more_bytes_than_announced_stop_the_upload(browser, team, private_folder):
    _, ticket = announce(browser)
    piece(browser, ticket, 0, LONG[:1000])

    status, answer = piece(browser, ticket, 1000, LONG)

    assert (status, answer["error"]) == (
        422,
        "Ce fichier est plus gros qu’annoncé. Envoyez-le de nouveau.",
    )
    assert bytes_left(private_folder) == []
    assert piece(browser, ticket, 0, LONG)[0] == 422
    assert finish(browser, ticket)[0] == 422
    assert not StoredFile.objects.exists()


def test_a_piece_too_large_is_not_read(browser, private_folder):
    _, ticket = announce(browser, b"a" * 2_100_000, "a.txt")

    status, _ = piece(browser, ticket, 0, b"a" * 2_000_001)

    assert status == 413
    assert bytes_left(private_folder) == []


def test_a_piece_without_its_place_is_refused(browser):
    _, ticket = announce(browser)

    answer = browser.patch(ticket["url"], LONG, content_type="application/offset+octet-stream")

    assert answer.status_code == 400


def test_a_piece_for_an_upload_that_is_over_changes_nothing(browser, team):
    ticket = sent(browser)
    finish(browser, ticket)

    status, _ = piece(browser, ticket, 0, LONG)

    assert status == 422
    assert read_file(the_upload(ticket).file_id)[1] == LONG


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
