"""The language of mails: that of who reads them, whoever acted and wherever they are written."""

import pytest
from django.utils import translation

from core.accounts.language import language_of_readers


@pytest.fixture
def english(acme, make_member):
    return make_member(acme, "owner", email="joe@acme.test", language="en")


@pytest.mark.parametrize(
    ("addresses", "language"),
    [
        (["joe@acme.test"], "en"),
        (["Joe@Acme.test", "compta@sans-compte.test"], "en"),
        (["joe@acme.test", "lea@acme.test"], "fr"),
        (["lea@acme.test"], "fr"),
        (["compta@sans-compte.test"], "fr"),
        ([], "fr"),
    ],
)
def test_a_mail_to_several_is_in_the_language_they_share(
    addresses, language, english, acme, make_member
):
    make_member(acme, "billing", email="lea@acme.test")

    assert language_of_readers(addresses) == language


def test_the_code_to_sign_in_is_written_in_the_language_of_the_account(
    client, english, do_owed_work
):
    with translation.override("fr"):
        client.post("/connexion/par-mail/", {"email": english.email}, HTTP_ACCEPT_LANGUAGE="fr")
        letter = do_owed_work()[-1]

    assert "Your sign-in code" in letter.subject
    assert "It works only once, for 15 minutes." in letter.body


def test_the_link_to_a_new_password_is_written_in_the_language_of_the_account(
    client, english, do_owed_work
):
    client.post("/mot-de-passe/", {"email": english.email})

    letter = do_owed_work()[-1]

    assert letter.to == [english.email]
    assert "Choose a password" in letter.body


def test_a_missing_page_is_told_in_the_language_of_the_browser(client, db):
    response = client.get("/rien-ici/", HTTP_ACCEPT_LANGUAGE="en-GB,en;q=0.8")

    assert response.status_code == 404
    assert '<html lang="en"' in response.content.decode()
    assert "Page not found" in response.content.decode()
