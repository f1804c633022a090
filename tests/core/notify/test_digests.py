"""Digests: one mail a day or a week, late rather than never, without what is no longer news."""

from datetime import timedelta

import pytest

from core import rls
from core.access.grants import forget_grants
from core.accounts.models import Membership
from core.accounts.services import change_role, remove_member
from core.notify.digests import send_due_digests
from core.notify.models import (
    DeliveryWishes,
    DigestEntry,
    Notification,
    NotificationPreference,
    OutgoingMail,
)
from tests.core.notify.conftest import FRIDAY

LATER = FRIDAY + timedelta(days=30)


@pytest.fixture
def daily(acme_owner, team):
    return DeliveryWishes.objects.create(user=acme_owner, frequency="daily")


def due(**fields):
    """Have what waits be due on Friday."""
    DigestEntry.objects.update(due_at=FRIDAY, **fields)


def test_everything_that_waits_leaves_in_one_mail(acme_owner, daily, tell, do_owed_work):
    tell(acme_owner, key="1", detail="Charte & logo")
    tell(acme_owner, key="2")
    due()

    assert send_due_digests(at=FRIDAY) == 1

    [mail] = do_owed_work()
    assert mail.to == ["awa@acme.test"]
    assert mail.subject == "Document 1, et une autre nouvelle"
    assert "http://testserver/client/documents/1/" in mail.body
    assert "http://testserver/client/documents/2/" in mail.body
    assert "Charte & logo" in mail.body
    html = mail.alternatives[0].content
    assert "Charte &amp; logo" in html
    assert 'href="http://testserver/client/documents/2/"' in html
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nothing_leaves_before_its_hour(acme_owner, daily, tell):
    tell(acme_owner)
    due()

    assert send_due_digests(at=FRIDAY - timedelta(seconds=1)) == 0

    assert not OutgoingMail.objects.exists()
    assert DigestEntry.objects.get().left_at is None


def test_running_again_sends_nothing_again(acme_owner, daily, tell):
    tell(acme_owner)
    due()

    assert [send_due_digests(at=FRIDAY) for _time in range(3)] == [1, 0, 0]

    assert OutgoingMail.objects.count() == 1
    assert DigestEntry.objects.get().left_at == FRIDAY


def test_days_without_a_worker_make_one_mail(acme_owner, daily, tell):
    for number in range(3):
        tell(acme_owner, key=str(number))
    for number, line in enumerate(DigestEntry.objects.order_by("pk")):
        DigestEntry.objects.filter(pk=line.pk).update(due_at=FRIDAY + timedelta(days=number))

    send_due_digests(at=LATER)

    assert OutgoingMail.objects.get().subject == "Document 0, et 2 autres nouvelles"


def test_what_was_read_meanwhile_is_left_out(acme_owner, daily, tell):
    tell(acme_owner, key="1")
    tell(acme_owner, key="2")
    Notification.objects.filter(text="Document 1").update(read_at=FRIDAY)
    due()

    send_due_digests(at=FRIDAY)

    mail = OutgoingMail.objects.get()
    assert mail.subject == "Document 2"
    assert "/client/documents/1/" not in mail.text


def test_no_mail_leaves_when_everything_was_read(acme_owner, daily, tell):
    tell(acme_owner)
    Notification.objects.update(read_at=FRIDAY)
    due()

    assert send_due_digests(at=FRIDAY) == 0

    assert not OutgoingMail.objects.exists()
    assert DigestEntry.objects.get().left_at == FRIDAY


def test_who_left_the_client_is_not_told(acme_owner, daily, tell):
    tell(acme_owner)
    due()
    remove_member(membership=Membership.objects.get(user=acme_owner), actor=None)

    assert send_due_digests(at=FRIDAY) == 0

    assert not OutgoingMail.objects.exists()


def test_who_lost_the_grant_is_not_told(acme_owner, daily, tell):
    tell(acme_owner)
    due()
    membership = Membership.objects.get(user=acme_owner)
    change_role(membership=membership, role="billing", actor=None)
    forget_grants(acme_owner)

    assert send_due_digests(at=FRIDAY) == 0

    assert not OutgoingMail.objects.exists()


def test_who_left_one_client_is_told_of_the_other_only(
    acme, rival, acme_owner, make_member, daily, tell
):
    make_member(rival, "owner", user=acme_owner)
    tell(acme_owner, key="1")
    tell(acme_owner, key="2", client_id=rival.pk, text="Document de Rival")
    due()
    remove_member(membership=Membership.objects.get(user=acme_owner, client=acme), actor=None)

    send_due_digests(at=FRIDAY)

    mail = OutgoingMail.objects.get()
    assert mail.subject == "Document de Rival"
    assert "Document 1" not in mail.text + mail.html


def test_who_lost_one_project_is_told_of_nothing_that_waited(
    acme, rival, project, make_project, make_member, tell, team
):
    other = make_project(acme, "Application")
    member = make_member(acme, "project", projects=[project, other])
    make_member(rival, "owner", user=member)
    DeliveryWishes.objects.create(user=member, frequency="daily")
    tell(member, key="1", text="Contrat du premier projet")
    tell(member, key="2", client_id=rival.pk, text="Document de Rival")
    due()

    change_role(
        membership=Membership.objects.get(user=member, client=acme),
        role="project",
        actor=None,
        is_limited=True,
        project_ids=[other.pk],
    )
    send_due_digests(at=FRIDAY)

    mail = OutgoingMail.objects.get()
    assert mail.subject == "Document de Rival"
    assert "premier projet" not in mail.text + mail.html


def test_a_digest_of_two_clients_names_them(acme, rival, acme_owner, make_member, daily, tell):
    make_member(rival, "owner", user=acme_owner)
    tell(acme_owner, key="1")
    tell(acme_owner, key="2", client_id=rival.pk)
    due()

    send_due_digests(at=FRIDAY)

    mail = OutgoingMail.objects.get()
    assert "Document 1 (Acme Distribution)" in mail.text
    assert "Document 2 (Rival Transit)" in mail.text


def test_mail_switched_off_meanwhile_is_not_sent(acme_owner, daily, tell):
    tell(acme_owner)
    NotificationPreference.objects.create(
        user=acme_owner, event="document_shared", channel="email", is_on=False
    )
    due()

    assert send_due_digests(at=FRIDAY) == 0

    assert not OutgoingMail.objects.exists()


def test_a_closed_account_gets_nothing(acme_owner, daily, tell):
    tell(acme_owner)
    due()
    acme_owner.is_active = False
    acme_owner.save()

    assert send_due_digests(at=FRIDAY) == 0


def test_old_lines_are_forgotten(acme_owner, daily, tell):
    tell(acme_owner)
    due(left_at=FRIDAY)

    send_due_digests(at=FRIDAY + timedelta(days=61))

    assert not DigestEntry.objects.exists()


def test_no_client_reads_the_lines_of_digests(acme, acme_owner, daily, tell):
    tell(acme_owner)

    with rls.clients(acme.pk):
        assert not DigestEntry.objects.exists()


@pytest.mark.parametrize("many", [2, 60])
def test_a_digest_asks_the_same_of_the_database_however_long(
    many, acme_owner, daily, tell, django_assert_num_queries
):
    for number in range(many):
        tell(acme_owner, key=str(number))
    due()

    with django_assert_num_queries(16):
        send_due_digests(at=FRIDAY)

    assert OutgoingMail.objects.get().text.count("/client/documents/") == min(many, 40)
