"""The antivirus: nothing opens before its verdict, and no failure of it is a verdict."""

import io
import socket
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils import timezone

from core import rls
from core.files.antivirus import ScanFailed, threat_in
from core.files.links import download_response, preview_response
from core.files.models import StoredFile
from core.files.scanning import scan_file
from core.files.services import store_file
from core.files.uploads import PlainFile, SentFile, take
from core.outbox import services as outbox
from core.outbox.models import OwedWork
from tests.conftest import AT
from tests.core.files.clamd import EICAR, LIMIT, running

VIRUS = b"bonjour " + EICAR


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    """Keep private files in a folder of the test."""
    disk = settings.STORAGES["private"]
    options = {**disk["OPTIONS"], "location": tmp_path / "private"}
    settings.STORAGES = {**settings.STORAGES, "private": {**disk, "OPTIONS": options}}


@pytest.fixture
def scanner(settings):
    """A scanner that is up, and set."""
    with running() as (server, address):
        settings.CLAMAV_HOST = address
        yield server


@pytest.fixture
def scanner_away(settings):
    """A scanner that is set, where nobody listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.CLAMAV_HOST = f"127.0.0.1:{closed.getsockname()[1]}"
        yield


@pytest.fixture
def hand_in(acme, acme_owner, team):
    """Return a function that joins a text to something, as a client."""

    def act(content=b"bonjour", name="note.txt"):
        upload = SimpleUploadedFile(name, content)
        prepared = [PlainFile(upload=upload, content_type="text/plain")]
        return take(prepared, client_id=acme.pk, actor=acme_owner)[0]

    return act


def again(file):
    return StoredFile.objects.get(pk=file.pk)


def answer_of(rf, file):
    request = rf.get("/client/x/")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    response = download_response(request, again(file))
    if response.streaming:  # closing the answer itself would close the connection of the test
        response.file_to_stream.close()
    return response.status_code, response


def work_of(file):
    return OwedWork.objects.get(topic="files.scan", payload={"file_id": file.pk})


# --- Verdicts -------------------------------------------------------------------------------


def test_a_new_file_waits_then_opens_when_it_is_clean(scanner, hand_in, do_owed_work, rf):
    file = hand_in()
    assert again(file).scan == "waiting"
    assert answer_of(rf, file)[0] == 409

    do_owed_work()

    assert again(file).scan == "clean"
    assert again(file).scanned_at is not None
    assert answer_of(rf, file)[0] == 200
    assert scanner.seen == [b"bonjour"]


def test_an_infected_file_never_opens_and_the_team_is_told_once(
    scanner, hand_in, do_owed_work, rf, acme
):
    file = hand_in(VIRUS)

    mails = do_owed_work()
    scan_file(file_id=file.pk, at=AT)
    mails = do_owed_work()

    status, response = answer_of(rf, file)
    assert (again(file).scan, again(file).threat) == ("infected", "Eicar-Test-Signature")
    assert status == 410
    assert "Ce fichier est en quarantaine" in response.content.decode()
    assert EICAR not in response.content
    assert [mail.subject for mail in mails] == [
        "Un virus a été trouvé dans un fichier de Acme Distribution"
    ]
    assert "« note.txt » : Eicar-Test-Signature." in mails[0].body


def test_an_infected_file_is_not_shown_either(scanner, hand_in, do_owed_work, rf):
    file = hand_in(VIRUS)
    do_owed_work()
    request = rf.get("/client/x/")
    request.user = type("Nobody", (), {"is_authenticated": False})()

    assert preview_response(request, again(file)).status_code == 410


def test_a_row_of_a_file_says_what_the_scanner_says(scanner, hand_in, do_owed_work):
    file = hand_in(VIRUS)
    waiting = render_to_string("components/file_row.html", {"file": again(file), "url": "/x/"})
    do_owed_work()
    infected = render_to_string("components/file_row.html", {"file": again(file), "url": "/x/"})

    assert "Analyse antivirus en cours…" in waiting
    assert "En quarantaine" in infected
    assert "href" not in waiting + infected


def test_a_file_of_ours_is_not_scanned(scanner, acme, team):
    file = store_file(content=b"x", name="a.txt", content_type="text/plain", client_id=acme.pk)

    assert file.scan == "unscanned"
    assert not OwedWork.objects.exists()


def test_a_scanner_behind_a_socket_of_the_machine_answers_too(settings, tmp_path):
    with running(tmp_path / "clamd.sock") as (_server, address):
        settings.CLAMAV_HOST = address
        found, clean = threat_in(io.BytesIO(VIRUS)), threat_in(io.BytesIO(b"bonjour"))
        settings.CLAMAV_HOST = f"unix:{address}"

        assert (found, clean) == ("Eicar-Test-Signature", "")
        assert threat_in(io.BytesIO(VIRUS)) == "Eicar-Test-Signature"


# --- Failures are no verdicts ---------------------------------------------------------------


def try_once(file):
    with pytest.raises(ScanFailed):
        outbox.do(work_of(file).pk, at=timezone.now())


def test_a_scanner_that_is_away_leaves_the_file_waiting_and_is_asked_again(
    scanner_away, settings, hand_in, rf
):
    file = hand_in()

    try_once(file)

    assert again(file).scan == "waiting"
    assert answer_of(rf, file)[0] == 409
    assert work_of(file).state == OwedWork.State.OWED
    with running() as (_server, address):
        settings.CLAMAV_HOST = address
        outbox.do(work_of(file).pk, at=timezone.now() + timedelta(hours=1))
    assert again(file).scan == "clean"


def test_a_file_beyond_the_limit_of_the_scanner_goes_on_waiting(scanner, hand_in):
    file = hand_in(b"a" * (LIMIT + 200_000))

    try_once(file)

    assert again(file).scan == "waiting"


@pytest.mark.parametrize(
    "says",
    [
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"stream: \0",
        b"\0",
        b"OKAY\0",
    ],
)
def test_whatever_is_no_plain_answer_is_no_verdict(scanner, hand_in, says):
    file = hand_in()
    scanner.says = says

    try_once(file)

    assert again(file).scan == "waiting"


def test_a_scanner_that_is_switched_off_lets_waiting_files_open_unscanned(
    scanner_away, settings, hand_in, do_owed_work, rf
):
    file = hand_in()
    settings.CLAMAV_HOST = ""

    do_owed_work()

    assert again(file).scan == "unscanned"
    assert answer_of(rf, file)[0] == 200


def test_without_a_scanner_files_open_at_once(settings, hand_in, rf):
    settings.CLAMAV_HOST = ""

    file = hand_in()

    assert again(file).scan == "unscanned"
    assert not OwedWork.objects.exists()
    assert answer_of(rf, file)[0] == 200


# --- The team -------------------------------------------------------------------------------


def test_the_team_reads_the_quarantine_and_may_scan_again(
    scanner, hand_in, do_owed_work, client_of, owner_staff
):
    file = hand_in(VIRUS)
    do_owed_work()
    browser = client_of(owner_staff)

    page = browser.get("/admin/journaux/fichiers/?scan__exact=infected").content.decode()
    browser.post(f"/admin/journaux/fichiers/analyser/{file.pk}/")

    assert "note.txt" in page
    assert "Eicar-Test-Signature" in page
    assert again(file).scan == "waiting"
    do_owed_work()
    assert again(file).scan == "infected"


def test_an_infected_upload_is_not_joined(scanner, acme, acme_owner, client_of, do_owed_work):
    browser = client_of(acme_owner)
    prepare = {"name": "note.txt", "size": len(VIRUS)}
    ticket = browser.post("/client/fichiers/preparer/", prepare).json()
    browser.patch(ticket["url"], VIRUS, headers={"Upload-Offset": "0"})
    browser.post(ticket["finish_url"])
    do_owed_work()

    with rls.staff("test"), pytest.raises(ValidationError, match="Un virus a été trouvé"):
        take([SentFile(ticket["id"])], client_id=acme.pk, actor=acme_owner)
