"""Stopping a kind of mail from its foot or its headers, and mail that waits for quiet to end."""

from datetime import time, timedelta

import pytest
from django.core import mail as outbox
from django.test import Client as Browser
from django.utils import timezone

from core.accounts.models import Membership
from core.accounts.services import change_role, remove_member
from core.audit.log import declared
from core.notify import services
from core.notify.models import DeliveryWishes, NotificationPreference, OutgoingMail
from core.notify.unsubscribing import stop_url
from core.outbox.models import OwedWork


def path(person, event):
    return stop_url(person.pk, event).removeprefix("http://testserver")


def off():
    rows = NotificationPreference.objects.filter(is_on=False)
    return sorted(rows.values_list("user__email", "event", "channel"))


def test_an_optional_mail_says_how_to_stop_it(acme_owner, tell, do_owed_work, team):
    tell(acme_owner)

    [mail] = do_owed_work()

    url = stop_url(acme_owner.pk, "document_shared")
    assert mail.extra_headers["List-Unsubscribe"] == f"<{url}>"
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"Ne plus recevoir d’e-mail pour « Nouveau document » : {url}" in mail.body
    assert url in mail.alternatives[0].content
    assert "http://testserver/client/profil/notifications/" in mail.body


def test_a_mail_with_a_foot_of_its_own_says_it_too(acme_owner, tell, do_owed_work, team):
    tell(acme_owner, mail="support/delay", context={"number": "SUP-1", "path": "/x/"})

    [mail] = do_owed_work()

    assert stop_url(acme_owner.pk, "document_shared") in mail.body
    assert stop_url(acme_owner.pk, "document_shared") in mail.alternatives[0].content


def test_a_kept_mail_cannot_be_stopped(acme_owner, tell, do_owed_work, team):
    tell(acme_owner, event="invoice_issued")

    [mail] = do_owed_work()

    assert "List-Unsubscribe" not in mail.extra_headers
    assert "desabonnement" not in mail.body + mail.alternatives[0].content


def test_the_mail_reader_stops_it_in_one_click(acme_owner):
    browser = Browser(enforce_csrf_checks=True)

    answer = browser.post(path(acme_owner, "document_shared"), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert off() == [("awa@acme.test", "document_shared", "email")]


def test_opening_the_link_only_asks(acme_owner, client_of):
    page = client_of().get(path(acme_owner, "document_shared")).content.decode()

    assert "Nouveau document" in page
    assert "awa@acme.test" not in page
    assert "Awa" not in page
    assert off() == []


def test_it_can_be_taken_back(acme_owner, client_of):
    browser = client_of()
    browser.post(path(acme_owner, "document_shared"))

    page = browser.post(path(acme_owner, "document_shared"), {"reprendre": "1"})

    assert "Les e-mails reprennent pour : Nouveau document." in page.content.decode()
    assert off() == []


def test_twice_is_as_once(acme_owner, client_of):
    for _time in range(2):
        assert client_of().post(path(acme_owner, "document_shared")).status_code == 200

    assert off() == [("awa@acme.test", "document_shared", "email")]


def test_the_link_of_a_digest_stops_every_optional_mail(acme_owner, client_of):
    page = client_of().post(path(acme_owner, "digest"))

    assert "tous les e-mails facultatifs" in page.content.decode()
    assert DeliveryWishes.objects.get(user=acme_owner).frequency == "never"


@pytest.mark.parametrize("change", ["x", "é"])
def test_a_changed_link_does_nothing(change, acme_owner, client_of):
    link = path(acme_owner, "document_shared")

    assert client_of().post(link[:-2] + change + "/").status_code == 404
    assert client_of().get("/notifications/desabonnement/a:b/").status_code == 404
    assert off() == []


def test_a_link_to_stop_a_kept_mail_does_nothing(acme_owner, client_of):
    assert client_of().post(path(acme_owner, "invoice_issued")).status_code == 404
    assert off() == []


def test_the_acts_are_named_in_the_journal():
    names = {"notification_wishes_changed", "notification_mail_switched", "push_device_added"}
    assert names <= set(declared())


# --- Quiet hours -----------------------------------------------------------------------------


@pytest.fixture
def quiet(acme_owner, team):
    return DeliveryWishes.objects.create(
        user=acme_owner, quiet_from=time(0), quiet_to=time(23, 59, 59)
    )


def test_a_mail_of_quiet_hours_waits_for_their_end(acme_owner, quiet, tell, do_owed_work):
    tell(acme_owner)

    assert do_owed_work() == []
    mail, work = OutgoingMail.objects.get(), OwedWork.objects.get(topic="mail")
    assert (mail.state, mail.waits) == ("owed", True)
    assert timezone.localtime(work.next_try_at).time() == time(23, 59, 59)


def test_it_leaves_then(acme_owner, quiet, tell):
    tell(acme_owner)

    assert services.deliver(mail_id=OutgoingMail.objects.get().pk, at=timezone.now())

    assert [mail.subject for mail in outbox.outbox] == ["Document 1"]


def test_a_kept_mail_does_not_wait(acme_owner, quiet, tell, do_owed_work):
    tell(acme_owner, event="invoice_issued")

    assert len(do_owed_work()) == 1


def test_who_left_meanwhile_is_not_written_to(acme_owner, quiet, tell):
    tell(acme_owner)
    remove_member(membership=Membership.objects.get(user=acme_owner), actor=None)
    mail = OutgoingMail.objects.get()

    sent = services.deliver(mail_id=mail.pk, at=timezone.now() + timedelta(days=1))

    mail.refresh_from_db()
    assert (sent, mail.state) == (False, OutgoingMail.State.VOID)
    assert outbox.outbox == []
    assert services.deliver(mail_id=mail.pk, at=timezone.now()) is False


def test_who_lost_one_project_is_not_written_to_of_it(
    acme, project, make_project, make_member, tell, team
):
    other = make_project(acme, "Application")
    member = make_member(acme, "project", projects=[project, other])
    DeliveryWishes.objects.create(user=member, quiet_from=time(0), quiet_to=time(23, 59, 59))
    tell(member)

    change_role(
        membership=Membership.objects.get(user=member),
        role="project",
        actor=None,
        is_limited=True,
        project_ids=[other.pk],
    )

    mail = OutgoingMail.objects.get()
    assert mail.state == OutgoingMail.State.VOID
    assert services.deliver(mail_id=mail.pk, at=timezone.now() + timedelta(days=1)) is False
    assert outbox.outbox == []
