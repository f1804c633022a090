"""Announcing: each person once, where they wish, with the act or not at all."""

import pytest
from django.db import transaction
from django.utils import translation
from django.utils.functional import lazy

from core import rls
from core.access.grants import forget_grants
from core.accounts.models import Membership
from core.accounts.services import remove_member
from core.notify.announcing import announce
from core.notify.models import (
    DeliveryWishes,
    DigestEntry,
    Notification,
    NotificationPreference,
    OutgoingMail,
)
from core.notify.unread import unread_count
from core.outbox.models import OwedWork


def told_in_portal():
    return sorted(Notification.objects.values_list("user__email", "text", "url"))


def told_by_mail():
    return sorted(OutgoingMail.objects.values_list("recipients", "subject"))


def test_tells_each_person_in_the_portal_and_by_mail(acme, acme_owner, make_member, tell, team):
    second = make_member(acme, "project", email="zie@acme.test")

    tell(acme_owner, second)

    assert told_in_portal() == [
        ("awa@acme.test", "Document 1", "/client/documents/1/"),
        ("zie@acme.test", "Document 1", "/client/documents/1/"),
    ]
    assert told_by_mail() == [
        (["awa@acme.test"], "Document 1"),
        (["zie@acme.test"], "Document 1"),
    ]


def test_does_not_tell_who_acted(acme_owner, tell, team):
    tell(acme_owner, actor=acme_owner)

    assert told_in_portal() == []
    assert told_by_mail() == []


def test_tells_once_for_the_same_fact(acme_owner, tell, team):
    tell(acme_owner)
    tell(acme_owner)
    tell(acme_owner, acme_owner, key="2")

    assert len(told_in_portal()) == 2
    assert len(told_by_mail()) == 2
    assert OwedWork.objects.filter(topic="mail").count() == 2


def test_an_unticked_mail_is_not_sent_and_the_notice_still_shows(acme_owner, tell, team):
    NotificationPreference.objects.create(
        user=acme_owner, event="document_shared", channel="email", is_on=False
    )

    tell(acme_owner)

    assert told_in_portal() == [("awa@acme.test", "Document 1", "/client/documents/1/")]
    assert told_by_mail() == []


def test_an_unticked_notice_does_not_show_and_the_mail_still_leaves(acme_owner, tell, team):
    NotificationPreference.objects.create(
        user=acme_owner, event="document_shared", channel="portal", is_on=False
    )

    tell(acme_owner)

    assert told_in_portal() == []
    assert told_by_mail() == [(["awa@acme.test"], "Document 1")]


def test_the_mail_of_a_kept_event_leaves_whatever_was_chosen(acme_owner, tell, team):
    NotificationPreference.objects.create(
        user=acme_owner, event="invoice_issued", channel="email", is_on=False
    )
    DeliveryWishes.objects.create(user=acme_owner, frequency="never")

    tell(acme_owner, event="invoice_issued")

    assert told_by_mail() == [(["awa@acme.test"], "Document 1")]
    assert OutgoingMail.objects.get().event == ""


def test_an_event_without_mail_sends_none(acme_owner, tell, team):
    tell(acme_owner, event="task_moved")

    assert len(told_in_portal()) == 1
    assert told_by_mail() == []


def test_an_act_that_is_taken_back_tells_nobody(acme_owner, tell, team):
    class TakenBack(Exception):
        pass

    with pytest.raises(TakenBack), transaction.atomic():
        tell(acme_owner)
        raise TakenBack

    assert told_in_portal() == []
    assert told_by_mail() == []
    assert not OwedWork.objects.exists()


def test_each_reads_in_their_language(acme, acme_owner, make_member, team):
    english = make_member(acme, "owner", email="joe@acme.test", language="en")
    said = lazy(lambda: f"langue {translation.get_language()}", str)()

    announce(
        "document_shared",
        client_id=acme.pk,
        to=[acme_owner, english],
        text=said,
        url="/client/",
        key="1",
    )

    assert [text for _email, text, _url in told_in_portal()] == ["langue fr", "langue en"]
    assert '<html lang="en">' in OutgoingMail.objects.get(person=english).html


def test_a_long_key_fits_and_still_tells_apart(acme_owner, tell, team):
    for end in ("a", "b"):
        tell(acme_owner, key="k" * 300 + end, url="/client/")
        tell(acme_owner, key="k" * 300 + end, url="/client/")

    assert Notification.objects.count() == 2
    assert OutgoingMail.objects.count() == 2
    assert OwedWork.objects.filter(topic="mail").count() == 2


def test_an_undeclared_event_is_an_error(acme_owner, tell, team):
    with pytest.raises(KeyError):
        tell(acme_owner, event="unknown")

    assert told_in_portal() == []


def test_a_client_who_acts_tells_the_others_of_the_client(acme, acme_owner, make_member, tell):
    other = make_member(acme, "owner", email="zie@acme.test")

    with rls.clients(acme.pk):
        tell(other, actor=acme_owner)

    with rls.staff("test"):
        assert told_in_portal() == [("zie@acme.test", "Document 1", "/client/documents/1/")]
        assert told_by_mail() == [(["zie@acme.test"], "Document 1")]


@pytest.mark.parametrize("many", [2, 500])
def test_tells_five_hundred_people_in_the_queries_of_two(
    many, acme, make_user, tell, team, django_assert_num_queries
):
    people = [make_user() for _number in range(many)]
    with django_assert_num_queries(13):
        tell(*people)

    assert Notification.objects.count() == many
    assert OutgoingMail.objects.count() == many
    assert OwedWork.objects.filter(topic="mail").count() == many


def test_a_notice_is_counted_until_it_is_read_and_again_at_the_next(
    acme_owner, tell, team, django_capture_on_commit_callbacks, django_assert_num_queries
):
    with django_capture_on_commit_callbacks(execute=True):
        tell(acme_owner)
    assert unread_count(acme_owner) == 1
    with django_assert_num_queries(0):
        assert unread_count(acme_owner) == 1

    with django_capture_on_commit_callbacks(execute=True):
        tell(acme_owner, key="2")

    assert unread_count(acme_owner) == 2


def test_the_count_serves_nobody_whose_rights_changed(acme, acme_owner, tell, team):
    tell(acme_owner)
    assert unread_count(acme_owner) == 1

    remove_member(membership=Membership.objects.get(user=acme_owner), actor=None)
    forget_grants(acme_owner)

    assert unread_count(acme_owner) == 0


def test_a_person_of_a_digest_gets_no_mail_now(acme_owner, tell, team):
    DeliveryWishes.objects.create(user=acme_owner, frequency="daily")

    tell(acme_owner)
    tell(acme_owner)

    assert told_by_mail() == []
    assert [line.text for line in DigestEntry.objects.all()] == ["Document 1"]
    assert len(told_in_portal()) == 1


def test_changing_pace_tells_nothing_twice(acme_owner, tell, team):
    tell(acme_owner, key="1")
    DeliveryWishes.objects.create(user=acme_owner, frequency="daily")
    tell(acme_owner, key="1")
    tell(acme_owner, key="2")
    DeliveryWishes.objects.update(frequency="now")
    tell(acme_owner, key="2")

    assert told_by_mail() == [(["awa@acme.test"], "Document 1")]
    assert [line.text for line in DigestEntry.objects.all()] == ["Document 2"]
