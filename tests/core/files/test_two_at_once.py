"""Two requests on one upload at the same moment, and two files for the last room left."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from core import rls
from core.files import on_disk, sending, uploads
from core.files.models import StoredFile, Upload
from core.files.services import read_file
from tests.core.files.uploading import LONG, bytes_left

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def private_folder(private_on_disk):
    """Keep private files in a folder of the test."""
    return private_on_disk


def announced(client, actor, *, size, name="devis.pdf"):
    with rls.staff("test"):
        return sending.prepare_upload(
            name=name, size=size, client_id=client.pk, actor=actor, at=timezone.now()
        )


def at_once(*acts):
    """Run each act in a thread of its own, all let go together; return what each gave."""
    gate, given = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        gate.wait()
        try:
            with rls.staff("test"):
                given[index] = act()
        except (ValidationError, on_disk.WrongOffset) as refusal:
            given[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=row) for row in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_two_finishes_keep_one_file(acme, acme_owner, private_folder):
    upload = announced(acme, acme_owner, size=len(LONG))
    with rls.staff("test"):
        sending.add_piece(upload=upload, offset=0, piece=LONG)

    def finish():
        mine = Upload.objects.get(pk=upload.pk)
        return sending.finish_upload(upload=mine, actor=acme_owner).file_id

    first, second = at_once(finish, finish)

    with rls.staff("test"):
        file = StoredFile.objects.get()
        assert (first, second) == (file.pk, file.pk)
        assert read_file(file.pk)[1] == LONG
        assert bytes_left(private_folder) == [private_folder / file.key]


def test_the_same_piece_twice_is_written_once(acme, acme_owner):
    upload = announced(acme, acme_owner, size=len(LONG))

    def add():
        return sending.add_piece(upload=upload, offset=0, piece=LONG[:1000])

    given = at_once(add, add)

    assert sorted(type(row).__name__ for row in given) == ["WrongOffset", "int"]
    assert on_disk.arrived(upload) == 1000


def test_the_last_room_is_given_once(acme, acme_owner, settings):
    settings.CLIENT_STORAGE_MB = 1

    def announce():
        return announced(acme, acme_owner, size=600_000, name="a.txt")

    given = at_once(announce, announce)

    assert sorted(type(row).__name__ for row in given) == ["Upload", "ValidationError"]
    with rls.staff("test"):
        assert Upload.objects.count() == 1


def test_the_last_room_is_given_once_to_files_of_forms(acme, acme_owner, settings):
    settings.CLIENT_STORAGE_MB = 1
    together = threading.Barrier(2)

    def join(name):
        file = SimpleUploadedFile(name, b"a" * 600_000)
        with transaction.atomic():
            kept = uploads.take(_given(file, together), client_id=acme.pk, actor=acme_owner)
            return len(kept)

    given = at_once(lambda: join("un.txt"), lambda: join("deux.txt"))

    assert sorted(type(row).__name__ for row in given) == ["ValidationError", "int"]
    with rls.staff("test"):
        assert StoredFile.objects.count() == 1


def _given(file, together):
    """Give a file of a form once both forms have come this far."""
    together.wait()
    yield uploads.PlainFile(upload=file, content_type="text/plain")
