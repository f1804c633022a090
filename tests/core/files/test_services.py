"""Keeping files: a row with its bytes, gone together."""

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import transaction

from core.files.models import StoredFile
from core.files.services import read_file, remove_bytes, store_file
from core.outbox.models import OwedWork
from core.outbox.services import topics


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    """Keep private files in a folder of the test."""
    disk = settings.STORAGES["private"]
    options = {**disk["OPTIONS"], "location": tmp_path / "private"}
    settings.STORAGES = {**settings.STORAGES, "private": {**disk, "OPTIONS": options}}
    return tmp_path / "private"


@pytest.fixture
def kept(acme, team):
    return store_file(
        content=b"bonjour", name="note.txt", content_type="text/plain", client_id=acme.pk
    )


def test_a_stored_file_comes_back_with_its_fingerprint(kept):
    file, content = read_file(kept.pk)

    assert content == b"bonjour"
    assert (file.size, file.extension) == (7, "txt")
    assert file.sha256 == "2cb4b1431b84ec15d35ed83bb927e27e8967d75f4bcd9cc4b25c8d879ae23e18"


def test_the_key_says_nothing_of_the_name(kept):
    assert kept.key == f"docs/{kept.uuid}"


def test_only_our_account_reads_the_folder(kept, private_folder):
    assert (private_folder / kept.key).stat().st_mode & 0o777 == 0o600
    assert (private_folder / "docs").stat().st_mode & 0o777 == 0o700


def test_no_address_of_the_site_leads_into_the_folder(kept, client_of, acme_owner):
    browser = client_of(acme_owner)

    assert browser.get(f"/media/{kept.key}", follow=True).status_code == 404
    assert browser.get(f"/{kept.key}", follow=True).status_code == 404
    assert browser.get(f"/media/images/../{kept.key}").status_code == 400


def test_the_bytes_go_after_the_row(kept, do_owed_work):
    key = kept.key

    kept.delete()

    assert storages["private"].exists(key)
    do_owed_work()
    assert not storages["private"].exists(key)
    assert OwedWork.objects.get(topic="files.remove_bytes").state == OwedWork.State.DONE


def test_rows_deleted_together_owe_each_removal(kept, acme):
    store_file(content=b"b", name="b.txt", content_type="text/plain", client_id=acme.pk)

    StoredFile.objects.all().delete()

    assert OwedWork.objects.filter(topic="files.remove_bytes").count() == 2


def test_a_deletion_taken_back_owes_nothing(kept):
    def delete_then_fail():
        with transaction.atomic():
            kept.delete()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        delete_then_fail()

    assert not OwedWork.objects.exists()
    assert StoredFile.objects.count() == 1


def test_bytes_that_a_row_names_are_never_removed(kept):
    remove_bytes(kept.key)

    assert storages["private"].exists(kept.key)


def test_removing_bytes_twice_is_fine(kept):
    key = kept.key
    kept.delete()

    remove_bytes(key)
    remove_bytes(key)

    assert not storages["private"].exists(key)


def test_the_worker_knows_how_to_remove_bytes():
    assert "files.remove_bytes" in topics()


@pytest.mark.parametrize("seconds", [0, 601, 86_400])
def test_a_link_that_lives_too_long_stops_the_server(settings, seconds):
    settings.FILE_LINK_SECONDS = seconds

    with pytest.raises(SystemCheckError, match=r"nourx\.E201"):
        call_command("check", tags=["security"])
