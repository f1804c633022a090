"""Files that are refused: by what is said of them, by their number, by their bytes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.files import sending
from core.files.models import StoredFile, Upload
from core.files.services import read_file
from tests.core.files.samples import HTML, PROGRAM, SVG, archive, picture
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


def test_uploads_left_open_hold_the_room_of_twenty_at_most(acme, acme_owner, settings, team):
    settings.CLIENT_STORAGE_MB = 100
    now = timezone.now()

    def announce_at(moment):
        return sending.prepare_upload(
            name="a.txt", size=2_000_000, client_id=acme.pk, actor=acme_owner, at=moment
        )

    for hours in (4, 3, 2, 1):
        made = [announce_at(now - timedelta(hours=hours, minutes=1)) for _ in range(20)]
    latest = announce_at(now)

    open_ones = Upload.objects.filter(state=Upload.State.EXPECTED)
    assert set(open_ones) == {*made[1:], latest}


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
