"""What a person wants to be told of, where, how often and when."""

from datetime import UTC, datetime, time

import pytest

from core import rls
from core.notify.models import (
    DeliveryWishes,
    DigestEntry,
    NotificationPreference,
    OutgoingMail,
    PushSubscription,
)
from core.notify.queries import wishes_of

PAGE = "/client/profil/notifications/"
ALL = {
    "portal-document_shared": "on",
    "email-document_shared": "on",
    "portal-invoice_issued": "on",
    "portal-task_moved": "on",
    "frequency": "now",
}


def off():
    rows = NotificationPreference.objects.filter(is_on=False)
    return sorted(rows.values_list("event", "channel"))


def without(*names, **more):
    return {**{name: value for name, value in ALL.items() if name not in names}, **more}


def test_unticking_the_mail_of_an_event_stops_it_and_keeps_its_notice(
    acme_owner, tell, client_of, do_owed_work
):
    answer = client_of(acme_owner).post(PAGE, without("email-document_shared"))

    with rls.staff("test"):
        tell(acme_owner)
    assert answer.url == PAGE
    assert off() == [("document_shared", "email")]
    assert do_owed_work() == []
    assert "Document 1" in client_of(acme_owner).get("/client/notifications/").content.decode()


def test_ticking_it_again_brings_it_back(acme_owner, client_of):
    browser = client_of(acme_owner)
    browser.post(PAGE, without("email-document_shared", "portal-task_moved"))

    browser.post(PAGE, ALL)

    assert off() == []


def test_shows_what_was_chosen(acme_owner, client_of):
    browser = client_of(acme_owner)
    browser.post(
        PAGE,
        without("email-document_shared", frequency="weekly", quiet_from="20:00", quiet_to="07:30"),
    )

    page = browser.get(PAGE).content.decode()

    assert 'name="email-document_shared" id="id_email-document_shared">' in page
    assert 'name="portal-document_shared" id="id_portal-document_shared" checked>' in page
    assert 'value="weekly"' in page
    assert 'value="20:00"' in page
    assert 'value="07:30"' in page
    wishes = DeliveryWishes.objects.get(user=acme_owner)
    assert (wishes.frequency, wishes.quiet_from, wishes.quiet_to, wishes.quiet_weekends) == (
        "weekly",
        time(20),
        time(7, 30),
        False,
    )


def test_a_kept_mail_is_shown_as_always_sent_and_cannot_be_unticked(acme_owner, client_of):
    browser = client_of(acme_owner)

    browser.post(PAGE, without(**{"email-invoice_issued": ""}))

    assert off() == []
    page = browser.get(PAGE).content.decode()
    assert "toujours" in page
    assert 'name="email-invoice_issued"' not in page


def test_offers_only_what_the_person_may_read(acme, make_member, client_of):
    member = make_member(acme, "project")

    page = client_of(member).get(PAGE).content.decode()

    assert "portal-document_shared" in page
    assert "invoice_issued" not in page


def test_somebody_limited_to_a_project_chooses_for_projects(acme, project, make_member, client_of):
    member = make_member(acme, "project", projects=[project])

    assert "portal-document_shared" in client_of(member).get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"quiet_from": "20:00"}, "Donnez le début et la fin, ou aucun des deux."),
        ({"quiet_to": "07:00"}, "Donnez le début et la fin, ou aucun des deux."),
        (
            {"quiet_from": "20:00", "quiet_to": "20:00"},
            "La fin doit être une autre heure que le début.",
        ),
        ({"quiet_from": "25:99", "quiet_to": "07:00"}, "Saisissez une heure valide."),
        ({"frequency": "hourly"}, "Sélectionnez un choix valide."),
    ],
)
def test_a_wrong_answer_changes_nothing_and_keeps_what_was_typed(
    typed, error, acme_owner, client_of
):
    answer = client_of(acme_owner).post(PAGE, without("email-document_shared", **typed))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert error in page
    assert 'name="email-document_shared" id="id_email-document_shared">' in page
    for name in ("quiet_from", "quiet_to"):
        assert f'value="{typed[name]}"' in page if name in typed else True
    assert off() == []
    assert not DeliveryWishes.objects.exists()


def test_going_back_to_mails_at_once_lets_what_waited_leave(acme_owner, tell, client_of):
    browser = client_of(acme_owner)
    browser.post(PAGE, {**ALL, "frequency": "weekly"})
    with rls.staff("test"):
        tell(acme_owner)
        late = DigestEntry.objects.get().due_at

    browser.post(PAGE, ALL)

    with rls.staff("test"):
        soon = DigestEntry.objects.get().due_at
    assert soon < late
    assert soon <= datetime.now(UTC)


def test_the_column_of_devices_shows_with_a_device_only(acme_owner, client_of, settings):
    settings.VAPID_PUBLIC_KEY, settings.VAPID_PRIVATE_KEY = "public-key", "private"
    browser = client_of(acme_owner)
    before = browser.get(PAGE).content.decode()
    PushSubscription.objects.create(
        user=acme_owner, endpoint="https://fcm.googleapis.com/x", p256dh="x", auth="y"
    )

    after = browser.get(PAGE).content.decode()

    assert ("push-document_shared" in before, "push-document_shared" in after) == (False, True)
    assert 'data-push="public-key"' in before


def test_nothing_tells_of_devices_where_the_site_has_no_keys(acme_owner, client_of):
    PushSubscription.objects.create(
        user=acme_owner, endpoint="https://fcm.googleapis.com/x", p256dh="x", auth="y"
    )

    page = client_of(acme_owner).get(PAGE).content.decode()

    assert "data-push" not in page
    assert "Sur mes appareils" not in page
    assert "push-document_shared" not in page


def test_the_team_reads_where_a_person_is_told(acme_owner, client_of):
    client_of(acme_owner).post(PAGE, without("email-document_shared", "portal-task_moved"))

    found = {wish.event.name: sorted(wish.channels) for wish in wishes_of(acme_owner)}

    assert found == {
        "document_shared": ["portal", "push"],
        "invoice_issued": ["email", "portal", "push"],
        "task_moved": ["push"],
    }


def test_asks_little_of_the_database(acme_owner, client_of, django_assert_max_num_queries):
    browser = client_of(acme_owner)
    browser.get(PAGE)

    with django_assert_max_num_queries(9):
        browser.get(PAGE)

    assert not OutgoingMail.objects.exists()
