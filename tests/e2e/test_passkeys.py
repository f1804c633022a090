"""Passkeys, with an authenticator that Chromium plays: added, named, used, taken away."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def somebody(person, settings):
    """Somebody whose browser has a device that keeps passkeys, on an address that may have one."""
    one = person()
    devtools = one.page.context.new_cdp_session(one.page)
    devtools.send("WebAuthn.enable")
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    one.home = settings.BASE_URL.replace("127.0.0.1", "localhost")  # a key needs a name
    one.refuse = lambda: devtools.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": device["authenticatorId"], "isUserVerified": False},
    )
    return one


def add_key(one, user, name):
    one.page.goto(f"{one.home}/connexion/")
    one.sign_in(user.email)
    one.page.goto(f"{one.home}/cles/ajouter/")
    one.page.get_by_label("Mot de passe", exact=True).fill("une-phrase-assez-longue")
    one.page.get_by_role("button", name="Confirmer").click()
    one.page.get_by_label("Nom de la clé").fill(name)
    one.page.get_by_role("button", name="Ajouter cette clé").click()
    expect(one.page.get_by_text("Votre clé d’accès est enregistrée.").first).to_be_visible()


def test_a_key_opens_the_account_without_a_password(somebody, acme_owner):
    add_key(somebody, acme_owner, "Mon téléphone")
    somebody.page.context.clear_cookies()

    somebody.page.goto(f"{somebody.home}/connexion/")
    somebody.page.get_by_role("button", name="Utiliser une clé d’accès").click()

    expect(somebody.page.get_by_role("heading", name="Bonjour")).to_be_visible()
    [key] = Authenticator.objects.filter(user=acme_owner, type="webauthn")
    assert key.wrap().name == "Mon téléphone"
    assert key.wrap().is_passwordless is True


def test_a_key_without_its_owner_opens_nothing(somebody, acme_owner):
    add_key(somebody, acme_owner, "Mon téléphone")
    somebody.page.context.clear_cookies()
    somebody.refuse()

    somebody.page.goto(f"{somebody.home}/connexion/")
    somebody.page.get_by_role("button", name="Utiliser une clé d’accès").click()

    expect(somebody.page.get_by_text("La clé n’a pas été lue.")).to_be_visible()
    somebody.page.goto(f"{somebody.home}/client/")
    expect(somebody.page.get_by_role("heading", name="Connexion")).to_be_visible()


def test_a_key_is_the_second_step_after_a_password(somebody, acme_owner):
    add_key(somebody, acme_owner, "Bureau")
    somebody.page.context.clear_cookies()

    somebody.page.goto(f"{somebody.home}/connexion/")
    somebody.sign_in(acme_owner.email)
    somebody.page.get_by_role("button", name="Utiliser une clé d’accès").click()

    expect(somebody.page.get_by_role("heading", name="Bonjour")).to_be_visible()


def test_a_key_is_renamed_then_taken_away(somebody, acme_owner):
    add_key(somebody, acme_owner, "Bureau")

    somebody.page.goto(f"{somebody.home}/cles/")
    somebody.page.get_by_role("link", name="Renommer Bureau").click()
    somebody.page.get_by_label("Nom de la clé").fill("Portable")
    somebody.page.get_by_role("button", name="Enregistrer").click()
    somebody.page.get_by_role("link", name="Retirer Portable").click()
    somebody.page.get_by_role("button", name="Retirer").click()

    expect(somebody.page.get_by_text("Aucune clé pour l’instant.")).to_be_visible()
    assert not Authenticator.objects.filter(user=acme_owner).exists()
