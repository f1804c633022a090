"""Long lists, written by a worker for one person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.models import Client
from core.backoffice import exports
from core.backoffice.list_exports import write_list_export
from core.desk.models import ListExport
from core.desk.services import remove_old_list_exports
from core.desk.services.exports import StillRunning, Stopped, begin_list_export, follow_list_export
from core.notify.models import TeamNotice

CLIENTS = "/admin/snippets/accounts/client/"
State = ListExport.State


@pytest.fixture(autouse=True)
def short(settings, monkeypatch):
    settings.EXPORT_ROWS_AT_ONCE = 1
    monkeypatch.setattr(exports, "CHUNK", 2)


@pytest.fixture
def asked(make_client, as_manager):
    """An export of three clients, asked twice."""
    for name in ("Akwaba", "Bandama", "Cajou"):
        make_client(name)
    as_manager.get(f"{CLIENTS}?export=csv&ordering=name")
    as_manager.get(f"{CLIENTS}?export=csv&ordering=name")
    return ListExport.objects.get()


def file_of(browser, export):
    return browser.get(f"/admin/exports/{export.token}/fichier/")


def test_a_double_click_gives_one_export_with_its_page(asked, as_manager):
    page = as_manager.get(f"/admin/exports/{asked.token}/")

    assert (asked.state, asked.total, asked.percent) == (State.WAITING, 3, 0)
    assert page["Refresh"] == "3"


def test_the_file_is_written_told_and_handed_to_its_owner_alone(asked, as_manager, as_owner):
    write_list_export(export_id=asked.pk)
    write_list_export(export_id=asked.pk)

    asked.refresh_from_db()
    lines = b"".join(file_of(as_manager, asked).streaming_content).decode().splitlines()
    assert (asked.state, asked.done, asked.percent) == (State.READY, 3, 100)
    assert [line.split(";")[0] for line in lines[1:]] == ["Akwaba", "Bandama", "Cajou"]
    assert TeamNotice.objects.get().url == f"/admin/exports/{asked.token}/"
    assert file_of(as_owner, asked).status_code == 404
    assert as_owner.get(f"/admin/exports/{asked.token}/").status_code == 404


def test_rights_are_asked_again_when_the_file_is_written(asked, manager):
    manager.groups.clear()

    write_list_export(export_id=asked.pk)

    asked.refresh_from_db()
    assert (asked.state, asked.key) == (State.FAILED, "")
    assert asked.error == "Vous n’avez plus accès à cette liste."


def test_rights_are_asked_again_when_the_file_is_taken(asked, manager, client_of):
    write_list_export(export_id=asked.pk)
    manager.groups.clear()

    answer = file_of(client_of(manager), asked)

    assert answer.status_code in (302, 403)
    assert not answer.streaming


def test_an_export_that_is_cancelled_leaves_no_file(asked, as_manager):
    running = begin_list_export(export_id=asked.pk, at=timezone.now())
    as_manager.post(f"/admin/exports/{asked.token}/annuler/")

    with pytest.raises(Stopped):
        follow_list_export(export=running, done=2, at=timezone.now())
    write_list_export(export_id=asked.pk)

    asked.refresh_from_db()
    assert (asked.state, asked.key) == (State.CANCELLED, "")


def test_a_worker_that_died_leaves_its_export_to_another(asked):
    begin_list_export(export_id=asked.pk, at=timezone.now())

    with pytest.raises(StillRunning):
        write_list_export(export_id=asked.pk)
    ListExport.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    write_list_export(export_id=asked.pk)

    asked.refresh_from_db()
    assert (asked.state, asked.tries) == (State.READY, 2)


def test_a_file_goes_after_seven_days(asked, as_manager):
    write_list_export(export_id=asked.pk)

    removed = remove_old_list_exports(at=timezone.now() + timedelta(days=7, seconds=1))

    asked.refresh_from_db()
    assert (removed, asked.key) == (1, "")
    assert file_of(as_manager, asked).status_code == 404


def test_a_short_list_leaves_at_once(make_client, as_manager):
    make_client()

    answer = as_manager.get(f"{CLIENTS}?export=csv")

    assert answer.streaming
    assert Client.objects.count() == 1
    assert not ListExport.objects.exists()
