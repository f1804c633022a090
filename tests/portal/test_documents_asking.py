"""Documents asked by lists, and reminders that leave by themselves, once each."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core import rls
from core.notify.models import Notification
from portal.documents import services
from portal.documents.models import DocumentRequest, RequestChecklist
from portal.documents.services.requests import lines_of, remind_of_due

pytestmark = pytest.mark.usefixtures("acme_owner")


def notices():
    with rls.staff("test"):
        return sorted(Notification.objects.values_list("text", flat=True))


@pytest.fixture
def ask(project):
    """Return a function that asked, ten days ago, for a document due so many days from now."""

    def make(days, **fields):
        asked_at = timezone.now() - timedelta(days=10)
        with rls.staff("test world"):
            return DocumentRequest.objects.create(
                project=project,
                title=f"Pièce {days}",
                due_date=timezone.localdate() + timedelta(days=days),
                asked_at=asked_at,
                **fields,
            )

    return make


def test_lines_name_documents_and_what_is_said_of_them():
    assert lines_of("- RCCM : récent\n\n • Logo\n") == [("RCCM", "récent"), ("Logo", "")]


@pytest.mark.parametrize("text", ["", " \n ", "x\n" * 51, "y" * 201])
def test_lines_that_name_nothing_or_too_much_are_refused(text):
    with pytest.raises(ValidationError):
        lines_of(text)


def test_a_list_is_asked_at_once_told_once_and_not_twice(client_of, manager, project):
    row = RequestChecklist.objects.create(name="Compte", lines="RCCM : récent\nLogo", days=10)
    address = reverse(RequestChecklist.snippet_viewset.get_url_name("demander"), args=[row.pk])
    browser = client_of(manager)
    posted = {"project": project.pk, "due_date": "", "lines": row.lines}

    browser.post(address, posted)
    again = browser.post(address, posted).content.decode()
    browser.post(address, {**posted, "lines": "Logo\nPhotos"})

    with rls.staff("test"):
        asked = list(
            DocumentRequest.objects.order_by("pk").values_list("title", "detail", "bundle")
        )
    assert asked == [("RCCM", "récent", "Compte"), ("Logo", "", "Compte"), ("Photos", "", "Compte")]
    assert "déjà attendus" in again
    assert notices() == ["2 documents attendus : Compte", "Document attendu : Photos"]


def test_reminders_leave_two_days_before_and_the_day_after_once_each(ask):
    for days in (3, 2, 1, 0, -1, -7, -8):
        ask(days)
    ask(-2, fulfilled_at=timezone.now())

    with rls.staff("test"):
        first = remind_of_due(at=timezone.now())
        second = remind_of_due(at=timezone.now() + timedelta(hours=1))

    assert (first, second) == (4, 0)
    assert notices() == [
        "Rappel : Pièce 1",
        "Rappel : Pièce 2",
        "Toujours attendu : Pièce -1",
        "Toujours attendu : Pièce -7",
    ]


def test_one_request_is_reminded_of_before_and_after_its_day(ask):
    row, now = ask(2), timezone.now()

    with rls.staff("test"):
        sent = [remind_of_due(at=now + timedelta(days=day)) for day in range(6)]
        row.refresh_from_db()

    assert sent == [1, 0, 0, 1, 0, 0]
    assert row.reminders == 2


def test_a_client_is_not_reminded_by_hand_twice_within_the_hour(ask, manager, team):
    row, now = ask(5), timezone.now()

    services.remind_request(request=row, actor=manager, at=now)
    with pytest.raises(services.RemindedLately):
        services.remind_request(request=row, actor=manager, at=now + timedelta(minutes=59))
    services.remind_request(request=row, actor=manager, at=now + timedelta(minutes=61))

    row.refresh_from_db()
    assert row.reminders == 2


def test_requests_are_listed_by_where_they_stand(ask, client_of, manager):
    ask(-1)
    ask(4)
    ask(1, fulfilled_at=timezone.now())
    ask(2, refusal="Illisible")
    browser = client_of(manager)
    address = reverse(DocumentRequest.snippet_viewset.get_url_name("list"))

    found = {}
    for state in ("late", "awaited", "received", "refused"):
        page = browser.get(f"{address}?state={state}").content.decode()
        found[state] = [days for days in (-1, 4, 1, 2) if f"Pièce {days}" in page]

    assert found == {"late": [-1], "awaited": [4], "received": [1], "refused": [2]}
