"""A session of the admin ends when nobody has used it for two hours."""

from django.contrib.auth import SESSION_KEY

from core.accounts.middleware import SEEN


def left_alone(browser, seconds):
    """Have a browser seen last so many seconds ago."""
    session = browser.session
    session[SEEN] -= seconds
    session.save()


def test_a_session_left_alone_ends(client_of, manager):
    browser = client_of(manager)
    browser.get("/admin/")
    left_alone(browser, 7201)

    response = browser.get("/admin/")

    assert response.url == "/connexion/?next=/admin/"
    assert SESSION_KEY not in browser.session


def test_a_session_in_use_goes_on(client_of, manager):
    browser = client_of(manager)
    browser.get("/admin/")
    left_alone(browser, 7000)
    browser.get("/admin/")
    left_alone(browser, 7000)

    assert browser.get("/admin/").status_code == 200


def test_the_portal_of_clients_is_not_cut(client_of, acme_owner):
    browser = client_of(acme_owner)
    session = browser.session
    session[SEEN] = 0
    session.save()

    assert browser.get("/client/profil/").status_code == 200
