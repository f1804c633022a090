"""Words typed while the session ran out come back after the sign-in, to their author alone."""

import pytest

from core.access import kept_forms
from tests.conftest import PASSWORD
from tests.core.accounts.test_profile import FACTS, PROFILE


def sign_in(browser, person, page=PROFILE):
    return browser.post("/connexion/", {"login": person.email, "password": PASSWORD, "next": page})


@pytest.fixture
def expired(client, acme_owner):
    """Return the browser of somebody whose session has run out on the server."""
    sign_in(client, acme_owner)
    client.session.flush()
    return client


def test_the_words_wait_for_the_sign_in(expired, acme_owner):
    sent = expired.post(PROFILE, {**FACTS, "job_title": "Directrice générale"})
    told = expired.get(sent.url).content.decode()
    back = sign_in(expired, acme_owner)

    page = expired.get(back.url).content.decode()

    assert sent.url == "/connexion/?next=/client/profil/"
    assert "votre texte est gardé" in told
    assert back.url == PROFILE
    assert 'value="Directrice générale"' in page


def test_they_come_back_once(expired, acme_owner):
    expired.post(PROFILE, {**FACTS, "job_title": "Directrice générale"})
    sign_in(expired, acme_owner)
    expired.get(PROFILE)

    assert "Directrice générale" not in expired.get(PROFILE).content.decode()


def test_somebody_else_on_the_same_device_never_reads_them(expired, rival_owner):
    expired.post(PROFILE, {**FACTS, "job_title": "Directrice générale"})
    sign_in(expired, rival_owner)

    assert "Directrice générale" not in expired.get(PROFILE).content.decode()
    assert kept_forms.SESSION_KEY not in expired.session


def test_secrets_and_tokens_are_not_kept(expired):
    expired.post(PROFILE, {"job_title": "Gérante", "password": "secret", "card_number": "4111"})

    kept = expired.session[kept_forms.SESSION_KEY]
    assert kept["words"] == {"job_title": ["Gérante"]}


def test_a_stranger_leaves_nothing(client, db):
    client.post(PROFILE, FACTS)

    assert kept_forms.SESSION_KEY not in client.session


def test_a_flood_is_not_kept(expired):
    expired.post(PROFILE, {"job_title": "x" * (kept_forms.MOST_CHARACTERS + 1)})

    assert kept_forms.SESSION_KEY not in expired.session


def test_a_form_without_a_page_of_its_own_comes_back_to_where_it_was(expired):
    response = expired.post(
        "/client/profil/theme/",
        {"theme": "dark"},
        headers={"Referer": "http://testserver/client/profil/?onglet=1"},
    )

    assert response.url == "/connexion/?next=/client/profil/%3Fonglet%3D1"


def test_a_foreign_page_is_no_place_to_come_back_to(expired):
    response = expired.post(
        "/client/profil/theme/", {"theme": "dark"}, headers={"Referer": "http://mechant.test/x/"}
    )

    assert response.url == "/connexion/?next=/client/profil/theme/"


def test_what_a_page_asks_by_itself_leads_nobody_away(expired):
    looks = {"HX-Request": "true", "X-Aside": "1"}

    response = expired.get("/client/support/suggestions/?subject=panier", headers=looks)

    assert (response.status_code, response.content) == (401, b"")
    assert not response.has_header("HX-Redirect")


def test_htmx_is_told_to_leave_the_page(expired):
    response = expired.post(
        PROFILE,
        FACTS,
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/client/profil/"},
    )

    assert response.status_code == 200
    assert response["HX-Redirect"] == "/connexion/?next=/client/profil/"
    assert response.content == b""
