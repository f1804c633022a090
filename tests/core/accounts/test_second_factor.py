"""The second factor: asked of the team in this very session, kept encrypted, never skipped."""

from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth import SESSION_KEY

from core.accounts.secrets import decrypt_text
from tests.conftest import PASSWORD

SET_UP = "/double-authentification/activer/"


@pytest.fixture(autouse=True)
def required(settings, monkeypatch):
    """Ask the second factor of the team, as production does; hold the clock of the codes still."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    clock = SimpleNamespace(time=lambda: 1_795_000_000)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", clock)


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def sign_in(browser, person):
    return browser.post("/connexion/", {"login": person.email, "password": PASSWORD})


def enroll(browser, person):
    """Set a second factor up through the pages, and return its secret."""
    sign_in(browser, person)
    browser.post("/connexion/confirmer/", {"password": PASSWORD})
    secret = browser.get(SET_UP).context["form"].secret
    browser.post(SET_UP, {"code": code_of(secret)})
    return secret


@pytest.fixture
def enrolled(client, manager):
    """Return the secret of a manager who has a second factor and is signed out."""
    secret = enroll(client, manager)
    client.post("/deconnexion/")
    return secret


def test_a_manager_without_a_factor_is_led_to_set_one_up(client, manager):
    sign_in(client, manager)

    response = client.get("/admin/pages/")

    assert response.url == f"{SET_UP}?next=%2Fadmin%2Fpages%2F"


def test_setting_it_up_asks_the_password_again(client_of, manager):
    response = client_of(manager).get(SET_UP)

    assert response.url == f"/connexion/confirmer/?next={SET_UP.replace('/', '%2F')}"


@pytest.mark.django_db(transaction=True)
def test_the_code_that_sets_it_up_opens_the_admin(client, manager):
    enroll(client, manager)

    assert client.get("/admin/").status_code == 200
    kinds = Authenticator.objects.filter(user=manager).values_list("type", flat=True)
    assert sorted(kinds) == ["recovery_codes", "totp"]


def test_the_drawing_to_scan_is_an_image_the_policy_allows(client, manager):
    sign_in(client, manager)
    client.post("/connexion/confirmer/", {"password": PASSWORD})

    response = client.get(SET_UP)

    assert 'src="data:image/svg+xml;base64,' in response.content.decode()
    assert "img-src 'self' data:" in response["Content-Security-Policy"]


def test_secrets_are_encrypted_at_rest(enrolled, manager):
    stored = Authenticator.objects.get(user=manager, type="totp").data["secret"]

    assert enrolled not in stored
    assert decrypt_text(stored) == enrolled


def test_recovery_codes_are_encrypted_at_rest(enrolled, manager):
    data = Authenticator.objects.get(user=manager, type="recovery_codes").data

    assert decrypt_text(data["seed"]) != data["seed"]


def test_signing_in_asks_the_code_before_anything_opens(client, manager, enrolled):
    response = sign_in(client, manager)

    assert response.url == "/connexion/code/"
    assert SESSION_KEY not in client.session
    assert client.get("/admin/").url.startswith("/connexion/")


def test_the_right_code_opens_the_admin(client, manager, enrolled):
    sign_in(client, manager)

    response = client.post("/connexion/code/", {"code": code_of(enrolled)})

    assert response.url == "/espace/"
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_opens_nothing_and_says_so(client, manager, enrolled):
    sign_in(client, manager)

    response = client.post("/connexion/code/", {"code": "000000"})

    assert "Ce code n’est pas le bon" in response.content.decode()
    assert SESSION_KEY not in client.session


def test_guessing_codes_is_stopped(client, manager, enrolled):
    sign_in(client, manager)
    for _try in range(5):
        client.post("/connexion/code/", {"code": "000000"})

    response = client.post("/connexion/code/", {"code": code_of(enrolled)})

    assert "Trop d’essais" in response.content.decode()
    assert SESSION_KEY not in client.session


def test_a_session_made_another_way_gives_its_code_first(client_of, manager, enrolled):
    browser = client_of(manager)

    led = browser.get("/admin/pages/")
    browser.post(led.url, {"code": code_of(enrolled)})

    assert led.url == "/connexion/confirmer/code/?next=%2Fadmin%2Fpages%2F"
    assert browser.get("/admin/").status_code == 200


def test_the_password_alone_does_not_stand_for_the_code(client_of, manager, enrolled):
    browser = client_of(manager)

    browser.post("/connexion/confirmer/", {"password": PASSWORD})

    assert browser.get("/admin/").url.startswith("/connexion/confirmer/code/")


@pytest.mark.parametrize(
    "headers", [{"X-Requested-With": "XMLHttpRequest"}, {"Accept": "application/json"}]
)
def test_scripts_get_a_plain_refusal(client_of, manager, headers):
    response = client_of(manager).get("/admin/pages/", headers=headers)

    assert response.status_code == 403
    assert response.json() == {"error": "Second facteur demandé."}


def test_a_post_comes_back_to_the_front_page(client_of, manager):
    response = client_of(manager).post("/admin/pages/1/delete/")

    assert response.url == f"{SET_UP}?next=%2Fadmin%2F"


def test_the_factor_of_another_account_does_not_count(client, client_of, manager, enrolled, editor):
    assert client_of(editor).get("/admin/").url.startswith(SET_UP)


def test_members_of_clients_are_not_asked(client_of, acme_owner):
    assert client_of(acme_owner).get("/client/profil/").status_code == 200


def test_a_code_serves_once(client, manager, enrolled):
    for _time in range(2):
        sign_in(client, manager)
        client.post("/connexion/code/", {"code": code_of(enrolled)})
        opened = SESSION_KEY in client.session
        client.post("/deconnexion/")

    assert not opened
