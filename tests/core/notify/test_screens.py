"""What the team reads of notices: who was told, whether they opened it, what became of its mail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.notify.digests import send_due_digests
from core.notify.models import (
    DeliveryWishes,
    DigestEntry,
    Notification,
    NotificationPreference,
    PushSubscription,
)

JOURNALS = "/admin/journaux/"


@pytest.fixture
def notice(acme_owner, tell, team):
    tell(acme_owner, detail="Charte graphique")
    return Notification.objects.get()


def inspected(browser, notice):
    return browser.get(f"{JOURNALS}notifications/inspect/{notice.pk}/").content.decode()


def test_says_who_was_told_and_whether_they_opened_it(notice, manager, client_of):
    page = client_of(manager).get(f"{JOURNALS}notifications/").content.decode()

    assert "Document 1" in page
    assert "Awa Koné" in page
    assert "Nouveau document" in page
    assert "Non lue" in page


def test_is_narrowed_to_an_event(notice, manager, client_of):
    browser = client_of(manager)

    found = browser.get(f"{JOURNALS}notifications/", {"event": "document_shared"})
    other = browser.get(f"{JOURNALS}notifications/", {"event": "invoice_issued"})

    assert "Document 1" in found.content.decode()
    assert "Document 1" not in other.content.decode()


def test_says_what_became_of_the_mail(notice, manager, client_of, do_owed_work):
    browser = client_of(manager)
    assert "À envoyer · awa@acme.test" in inspected(browser, notice)

    do_owed_work()

    assert "Envoyé · awa@acme.test" in inspected(browser, notice)


def test_says_which_digest_a_mail_is_in(acme_owner, tell, team, manager, client_of):
    DeliveryWishes.objects.create(user=acme_owner, frequency="daily")
    tell(acme_owner)
    browser, notice = client_of(manager), Notification.objects.get()
    assert "Attend le résumé du" in inspected(browser, notice)

    send_due_digests(at=timezone.now() + timedelta(days=2))

    assert "Dans le résumé du" in inspected(browser, notice)


def test_says_what_people_switched_off_and_nothing_else(acme_owner, manager, client_of):
    for event, is_on in (("document_shared", False), ("task_moved", True)):
        NotificationPreference.objects.create(
            user=acme_owner, event=event, channel="email", is_on=is_on
        )

    page = client_of(manager).get(f"{JOURNALS}preferences/").content.decode()

    assert page.count("Awa Koné") == 1


def test_shows_paces_digests_and_devices_without_their_keys(
    acme_owner, tell, team, manager, client_of
):
    DeliveryWishes.objects.create(user=acme_owner, frequency="daily")
    tell(acme_owner)
    device = PushSubscription.objects.create(
        user=acme_owner,
        endpoint="https://fcm.googleapis.com/secret",
        p256dh="clé-secrète",
        auth="partagé",
        device="Chrome · Android",
    )
    browser = client_of(manager)

    assert "Awa Koné" in browser.get(f"{JOURNALS}rythmes/").content.decode()
    assert "Document 1" in browser.get(f"{JOURNALS}resumes/").content.decode()
    pages = [
        browser.get(f"{JOURNALS}appareils/").content.decode(),
        browser.get(f"{JOURNALS}appareils/inspect/{device.pk}/").content.decode(),
    ]
    for page in pages:
        assert "Chrome · Android" in page
        assert "fcm.googleapis.com" not in page
        assert "clé-secrète" not in page


def test_who_only_writes_articles_reads_none_of_it(notice, editor, client_of):
    for name in ("notifications", "preferences", "rythmes", "resumes", "appareils"):
        answer = client_of(editor).get(f"{JOURNALS}{name}/")

        assert answer.status_code == 302
    assert DigestEntry.objects.count() == 0
