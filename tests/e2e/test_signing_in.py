"""Signing in by keyboard alone, and when a session ends while somebody writes."""

import re
import threading
import time

import pytest
from django.contrib.sessions.backends.cached_db import KEY_PREFIX
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import caches
from django.utils import timezone
from playwright.sync_api import expect

from core import rls
from core.access.roles import Role
from core.accounts.services import invite_member
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_keyboard_alone_signs_in(person, acme_owner):
    one = person()
    one.page.goto("/connexion/")
    keys = one.page.keyboard

    for _ in range(10):  # links before the form: at most ten
        if one.page.get_by_label("Adresse e-mail").evaluate(
            "box => box === document.activeElement"
        ):
            break
        keys.press("Tab")
    keys.type(acme_owner.email)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")

    expect(one.page).to_have_url(re.compile(r"/client/$"))


def test_an_invitation_opens_an_account(person, acme, acme_owner):
    with rls.staff("test"):
        invite_member(
            email="mariam@acme.test",
            client=acme,
            role=Role.BILLING,
            actor=acme_owner,
            at=timezone.now(),
        )
    one = person()

    one.page.goto(link_in_the_mail())
    one.page.get_by_label("Prénom").fill("Mariam")
    one.page.get_by_label("Nom", exact=True).fill("Touré")
    one.page.get_by_label("Mot de passe", exact=True).fill("lagune-et-palmier-7")
    one.page.get_by_role("button", name="Ouvrir mon compte").click()

    expect(one.page.get_by_role("heading", name="Bonjour Mariam")).to_be_visible()


def link_in_the_mail():
    """Wait for the worker to send a mail, and return the link of the invitation in it."""
    until = time.monotonic() + 20
    while not mail.outbox and time.monotonic() < until:
        threading.Event().wait(0.1)
    return re.search(r"http://\S+/invitation/\S+/", mail.outbox[0].body)[0]


def test_a_session_that_ends_in_mid_form_keeps_the_words(person, acme_owner):
    one = person()
    one.page.goto("/client/support/nouveau/")
    one.sign_in(acme_owner.email)
    one.page.get_by_label("Message").fill("Depuis ce matin.")
    end_all_sessions()
    with one.page.expect_response("**/support/suggestions/**") as suggestions:
        one.page.get_by_label("Sujet").press_sequentially("Le panier reste vide")
    assert suggestions.value.status == 401  # it leads nobody away from what was typed

    one.page.get_by_role("button", name="Envoyer la demande").click()
    expect(one.page.get_by_text("votre texte est gardé")).to_be_visible()
    one.sign_in(acme_owner.email)

    expect(one.page.get_by_label("Sujet")).to_have_value("Le panier reste vide")
    expect(one.page.get_by_label("Message")).to_have_value("Depuis ce matin.")


def end_all_sessions():
    """End every session on the server, as time does: in its database and in its cache."""
    cache = caches.create_connection("default")  # the server's: each thread has its own
    for key in Session.objects.values_list("session_key", flat=True):
        cache.delete(f"{KEY_PREFIX}{key}")
    Session.objects.all().delete()
