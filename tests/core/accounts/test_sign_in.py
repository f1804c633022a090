"""Signing in and out, the forgotten password, and what an outsider can learn from either."""

import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver

from core.accounts.models import User
from core.outbox.models import OwedWork
from tests.conftest import PASSWORD

LOGIN = "/connexion/"
HOSTILE = [
    "https://mechant.test/",
    "//mechant.test/",
    "/\\mechant.test/",
    "http:///mechant.test/",
    "javascript:alert(1)",
    "https:mechant.test",
]


def sign_in(browser, email, password=PASSWORD, **fields):
    return browser.post(LOGIN, {"login": email, "password": password, **fields})


def is_signed_in(browser):
    return SESSION_KEY in browser.session


def test_the_page_speaks_french_and_names_its_fields(client, db):
    page = client.get(LOGIN).content.decode()

    assert "Adresse e-mail" in page
    assert "Mot de passe" in page
    assert re.search(r"<button[^>]*>\s*Se connecter\s*</button>", page)
    assert 'name="login"' in page
    assert 'name="password"' in page


def test_a_member_signs_in_and_lands_in_the_client_space(client, acme_owner):
    response = sign_in(client, "AWA@acme.test")

    assert response.status_code == 302
    assert response.url == "/espace/"
    assert client.get("/espace/").url == "/client/"


def test_somebody_of_the_team_lands_in_the_admin(client, manager):
    sign_in(client, manager.email)

    assert client.get("/espace/").url == "/admin/"


def test_somebody_without_a_client_reads_why(client, make_user):
    person = make_user("seule@exemple.test")
    sign_in(client, person.email)

    page = client.get("/espace/")

    assert page.status_code == 200
    assert "n’est rattachée à aucune société" in page.content.decode()


def test_the_session_changes_its_key_at_the_sign_in(client, acme_owner):
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = former = session.session_key

    sign_in(client, acme_owner.email)

    assert client.session.session_key != former


def test_a_wrong_password_and_an_unknown_address_read_the_same(client, acme_owner):
    wrong = sign_in(Browser(), acme_owner.email, "pas-le-bon-mot-de-passe")
    unknown = sign_in(Browser(), "inconnue@acme.test", "pas-le-bon-mot-de-passe")

    bodies = [
        plain(response, "awa@acme.test", "inconnue@acme.test") for response in (wrong, unknown)
    ]
    assert wrong.status_code == unknown.status_code == 200
    assert bodies[0] == bodies[1]
    assert "Adresse e-mail ou mot de passe incorrect." in bodies[0]


def plain(response, *addresses):
    """Return a page without what differs by nature: the address typed, tokens, numbers."""
    page = response.content.decode()
    for address in addresses:
        page = page.replace(address, "ADDRESS")
    page = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken":")[^"]+', r"\1", page)
    return page


def test_a_closed_account_does_not_sign_in(client, acme_owner):
    User.objects.update(is_active=False)

    sign_in(client, acme_owner.email)

    assert not is_signed_in(client)


def test_closing_an_account_ends_its_session_at_the_next_request(client_of, acme_owner):
    browser = client_of(acme_owner)
    assert browser.get("/client/profil/").status_code == 200

    User.objects.filter(pk=acme_owner.pk).update(is_active=False)

    assert browser.get("/client/profil/").url == "/connexion/?next=/client/profil/"


def test_five_wrong_passwords_stop_even_the_right_one(client, acme_owner):
    for _try in range(5):
        sign_in(client, acme_owner.email, "pas-le-bon-mot-de-passe")

    response = sign_in(client, acme_owner.email)

    assert not is_signed_in(client)
    assert "Trop d’essais. Réessayez dans quelques minutes." in response.content.decode()


def test_limits_are_not_lifted_by_a_forged_address(client, acme_owner):
    for number in range(5):
        client.post(
            LOGIN,
            {"login": acme_owner.email, "password": "pas-le-bon"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )

    sign_in(client, acme_owner.email)

    assert not is_signed_in(client)


def test_too_many_posts_from_one_address_read_a_french_page(client, db, settings):
    assert settings.ACCOUNT_RATE_LIMITS["login"] == "30/m/ip"
    # A loaded machine may take more than a minute for thirty posts.
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "30/h/ip"}

    for number in range(31):
        response = sign_in(client, f"personne{number}@exemple.test", "x")

    assert response.status_code == 429
    assert "Trop d’essais en peu de temps" in response.content.decode()


@pytest.mark.parametrize("target", HOSTILE)
def test_signing_in_never_leads_off_the_site(client, acme_owner, target):
    response = sign_in(client, acme_owner.email, next=target)

    assert response.url == "/espace/"


def test_a_client_at_the_team_s_door_is_led_home(client_of, acme_owner):
    response = client_of(acme_owner).get("/admin/users/", follow=True)

    assert response.redirect_chain[-1][0] == "/client/"
    assert response.status_code == 200


def test_a_client_who_signs_in_at_the_team_s_door_is_led_home(client, acme_owner):
    response = sign_in(client, acme_owner.email, next="/admin/")

    response = client.get(response.url, follow=True)
    assert response.redirect_chain[-1][0] == "/client/"


def test_signing_out_takes_a_post(client_of, acme_owner):
    browser = client_of(acme_owner)

    asked = browser.get("/deconnexion/")

    assert asked.status_code == 200
    assert is_signed_in(browser)
    assert browser.post("/deconnexion/").url == LOGIN
    assert browser.get("/client/profil/").status_code == 302


# --- Forgotten password ---------------------------------------------------------------------


def test_asking_for_a_link_tells_nothing_about_the_address(acme_owner):
    known = Browser().post("/mot-de-passe/", {"email": acme_owner.email})
    unknown = Browser().post("/mot-de-passe/", {"email": "inconnue@acme.test"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert known.content == unknown.content
    assert OwedWork.objects.filter(topic="password_link").count() == 2


def test_only_an_account_gets_the_mail(client, acme_owner, do_owed_work):
    client.post("/mot-de-passe/", {"email": "AWA@acme.test"})
    client.post("/mot-de-passe/", {"email": "inconnue@acme.test"})

    sent = do_owed_work()

    assert [mail.to for mail in sent] == [["awa@acme.test"]]
    assert sent[0].subject == "Choisir un nouveau mot de passe"


def test_a_closed_account_gets_no_link(client, acme_owner, do_owed_work):
    User.objects.update(is_active=False)
    client.post("/mot-de-passe/", {"email": acme_owner.email})

    assert do_owed_work() == []


def link_in(mail):
    return re.search(r"http://testserver(/\S+/)", mail.body)[1]


def choose_password(browser, path, password):
    page = browser.get(path, follow=True)
    return browser.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})


def test_the_link_changes_the_password_once(client, client_of, acme_owner, do_owed_work):
    elsewhere = client_of(acme_owner)
    client.post("/mot-de-passe/", {"email": acme_owner.email})
    path = link_in(do_owed_work()[0])

    choose_password(client, path, "un-autre-mot-tres-long")

    assert not is_signed_in(client)
    assert elsewhere.get("/client/profil/").status_code == 302
    sign_in(client, acme_owner.email, "un-autre-mot-tres-long")
    assert is_signed_in(client)
    again = Browser().get(path)
    assert "Ce lien n’est plus valable" in again.content.decode()


def test_a_forged_link_opens_nothing(client, acme_owner):
    response = client.get("/mot-de-passe/nouveau/1-cx9abc-0123456789abcdef/")

    assert response.status_code == 200
    assert "Ce lien n’est plus valable" in response.content.decode()


def test_the_mail_keeps_no_link_once_sent(client, acme_owner, do_owed_work, team):
    from core.notify.models import OutgoingMail

    client.post("/mot-de-passe/", {"email": acme_owner.email})
    do_owed_work()

    mail = OutgoingMail.objects.get()
    assert mail.state == OutgoingMail.State.SENT
    assert (mail.text, mail.html) == ("", "")


def test_changing_the_password_signs_the_other_devices_out(client, client_of, acme_owner):
    elsewhere = client_of(acme_owner)
    sign_in(client, acme_owner.email)

    client.post(
        "/mot-de-passe/changer/",
        {
            "oldpassword": PASSWORD,
            "password1": "un-autre-mot-tres-long",
            "password2": "un-autre-mot-tres-long",
        },
    )

    assert client.get("/client/profil/").status_code == 200
    assert elsewhere.get("/client/profil/").status_code == 302


def test_the_team_chooses_longer_passwords(client, manager):
    sign_in(client, manager.email)

    page = client.post(
        "/mot-de-passe/changer/",
        {"oldpassword": PASSWORD, "password1": "onze-signes", "password2": "onze-signes"},
    )

    assert "au moins 12 caractères" in page.content.decode()
    manager.refresh_from_db()
    assert manager.check_password(PASSWORD)


# --- No other door --------------------------------------------------------------------------


def addresses(resolver, prefix=""):
    """Yield every address of the site, with something in place of its arguments."""
    for entry in resolver.url_patterns:
        route = prefix + re.sub(r"<[^>]+>|\(\?P<[^>]+>[^)]*\)", "1", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        elif isinstance(entry, URLPattern):
            yield "/" + re.sub(r"[\^$\\?]|\(.*?\)", "", route)


def test_no_other_address_signs_anybody_in(acme_owner, owner_staff):
    doors = {
        path for path in addresses(get_resolver()) if re.search("log-?in|connexion|auth", path)
    }

    for path in sorted(doors - {LOGIN}):
        browser = Browser()
        for name in ("login", "username", "email"):
            browser.post(path, {name: owner_staff.email, "password": PASSWORD})
        assert not is_signed_in(browser), path

    assert "/admin/login/" in doors


def test_the_login_of_wagtail_only_leads_to_ours(client, owner_staff):
    response = client.post("/admin/login/", {"username": owner_staff.email, "password": PASSWORD})

    assert response.status_code == 302
    assert response.url.startswith(LOGIN)
    assert not is_signed_in(client)


def test_nobody_signs_up(client, db):
    for path in ("/inscription/", "/signup/", "/accounts/signup/", "/connexion/signup/"):
        assert client.get(path).status_code == 404
