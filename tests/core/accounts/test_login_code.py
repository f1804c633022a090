"""Signing in with a code that came by mail: once, for a quarter of an hour, and telling nothing."""

import re
import time
from types import SimpleNamespace

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client as Browser

from core.notify.models import OutgoingMail
from core.outbox.models import OwedWork

ASK, TYPE = "/connexion/par-mail/", "/connexion/par-mail/code/"


def is_signed_in(browser):
    return SESSION_KEY in browser.session


@pytest.fixture
def code_for(do_owed_work):
    """Return a function that asks a code in a browser, and reads it in the mail."""

    def ask(browser, email):
        assert browser.post(ASK, {"email": email}).url == TYPE
        return re.search(r"^([A-Z0-9-]{6,})$", do_owed_work()[-1].body, re.MULTILINE)[1]

    return ask


def test_the_page_of_the_sign_in_offers_it(client, db):
    assert f'href="{ASK}"' in client.get("/connexion/").content.decode()


def test_the_code_signs_in(client, acme_owner, code_for):
    code = code_for(client, acme_owner.email)

    response = client.post(TYPE, {"code": code})

    assert response.url == "/espace/"
    assert is_signed_in(client)


def test_the_code_serves_once(client, acme_owner, code_for):
    code = code_for(client, acme_owner.email)
    client.post(TYPE, {"code": code})
    client.post("/deconnexion/")

    response = client.post(TYPE, {"code": code})

    assert response.url == ASK
    assert not is_signed_in(client)


def test_the_code_opens_no_other_browser(client, acme_owner, code_for):
    code, other = code_for(client, acme_owner.email), Browser()

    response = other.post(TYPE, {"code": code})

    assert response.url == ASK
    assert not is_signed_in(other)


@pytest.mark.parametrize(("minutes", "opens"), [(14, True), (16, False)])
def test_the_code_lasts_a_quarter_of_an_hour(
    minutes, opens, client, acme_owner, code_for, monkeypatch
):
    code = code_for(client, acme_owner.email)
    later = SimpleNamespace(time=lambda: time.time() + minutes * 60)
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time", later)

    client.post(TYPE, {"code": code})

    assert is_signed_in(client) is opens


def test_three_wrong_codes_end_it(client, acme_owner, code_for):
    code = code_for(client, acme_owner.email)

    answers = [client.post(TYPE, {"code": "AAAA-AAAA"}) for _ in range(3)]
    last = client.post(TYPE, {"code": code})

    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert last.url == ASK
    assert not is_signed_in(client)


def test_an_unknown_address_reads_the_same_and_owes_the_same(acme_owner, do_owed_work):
    known, unknown = Browser(), Browser()

    answers = [
        known.post(ASK, {"email": acme_owner.email}),
        unknown.post(ASK, {"email": "inconnue@acme.test"}),
    ]
    owed = OwedWork.objects.filter(topic="login_code").count()
    pages = [browser.get(TYPE).content.decode() for browser in (known, unknown)]
    pages = [re.sub(r'value="[A-Za-z0-9]{64}"|"X-CSRFToken":"\w+"', "", page) for page in pages]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, TYPE)] * 2
    assert owed == 2
    assert pages[0].replace(acme_owner.email, "x") == pages[1].replace("inconnue@acme.test", "x")
    assert [mail.to for mail in do_owed_work()] == [[acme_owner.email]]


def test_an_unknown_address_is_opened_by_no_code(client, db, do_owed_work):
    client.post(ASK, {"email": "inconnue@acme.test"})
    do_owed_work()

    for code in ("", "AAAA-AAAA"):
        client.post(TYPE, {"code": code})

    assert not is_signed_in(client)
    assert not OutgoingMail.objects.exists()


def test_a_closed_account_receives_no_code(client, acme_owner, do_owed_work):
    acme_owner.is_active = False
    acme_owner.save()

    client.post(ASK, {"email": acme_owner.email})

    assert do_owed_work() == []


def test_asking_too_often_is_refused(acme_owner, do_owed_work):
    answers = [Browser().post(ASK, {"email": acme_owner.email}) for _ in range(4)]

    assert [answer.status_code for answer in answers[:3]] == [302] * 3
    assert "Trop d’essais" in answers[3].content.decode()
    assert len(do_owed_work()) == 3


def test_the_code_is_kept_encrypted_until_it_leaves(client, acme_owner, code_for):
    code = code_for(client, acme_owner.email)

    assert code not in str(OwedWork.objects.get(topic="login_code").payload)


def test_the_team_still_gives_a_second_factor(client, manager, code_for, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    code = code_for(client, manager.email)

    client.post(TYPE, {"code": code})

    assert client.get("/admin/pages/").url.startswith("/double-authentification/activer/")
