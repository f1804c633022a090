"""Telling the team by mail what a client did."""

import pytest
from django.utils.text import format_lazy

from core.notify.models import OutgoingMail
from core.notify.team import tell_team

WHAT = {"text": "Acme a répondu au ticket SUP-2026-0001", "url": "/admin/x/1/", "key": "reply:1"}


@pytest.fixture
def lead(acme, make_staff, team):
    person = make_staff("manager", email="lead@nourx.test")
    acme.lead = person
    acme.save()
    return person


def test_writes_to_who_follows_the_client(acme, lead):
    tell_team("ticket_reply", client_id=acme.pk, detail="Bonjour & merci", **WHAT)

    mail = OutgoingMail.objects.get()
    assert mail.recipients == ["lead@nourx.test"]
    assert mail.subject == "Acme a répondu au ticket SUP-2026-0001"
    assert "Bonjour & merci" in mail.text
    assert "http://testserver/admin/x/1/" in mail.text
    assert "http://testserver/admin/x/1/" in mail.html
    assert (mail.key, mail.client_id) == ("team:ticket_reply:reply:1", acme.pk)


def test_writes_to_the_agency_when_nobody_follows_the_client(acme, team):
    tell_team("ticket_reply", client_id=acme.pk, **WHAT)

    assert OutgoingMail.objects.get().recipients == ["contact@nourx.test"]


def test_writes_to_whom_it_is_told_to(acme, lead):
    tell_team("ticket_reply", client_id=acme.pk, to=["a@nourx.test", "a@nourx.test", ""], **WHAT)

    assert OutgoingMail.objects.get().recipients == ["a@nourx.test"]


def test_writes_once_for_the_same_fact(acme, team):
    for _time in range(2):
        tell_team("ticket_reply", client_id=acme.pk, **WHAT)

    assert OutgoingMail.objects.count() == 1


def test_leads_nobody_to_a_page_of_preferences(acme, team):
    tell_team("t", client_id=acme.pk, **{**WHAT, "text": format_lazy("{who} a payé", who="Acme")})

    mail = OutgoingMail.objects.get()
    assert mail.subject == "Acme a payé"
    assert "Choisir mes notifications" not in mail.text + mail.html
