"""Reading a message: its words, who really sent it, what no person wrote."""

from email import policy
from email.parser import BytesParser

import pytest

from portal.inbox.headers import bounce_of, is_verified, robot_reason
from portal.inbox.quotes import new_words
from portal.inbox.treating import read_message
from portal.support.addresses import ticket_of_address
from tests.portal.inbox import corpus


def parsed(raw):
    return BytesParser(policy=policy.default).parsebytes(raw)


def test_other_charsets_and_html_are_read_as_text():
    latin, html = read_message(corpus.CHARSET).parsed, read_message(corpus.HTML).parsed

    assert (latin.subject, latin.body) == (
        "Problème d'accès",
        "Je n'arrive plus à me connecter.",
    )
    assert "alert" not in html.body
    assert "Rien ne marche & je suis pressée." in html.body


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Oui.\n\nOn Fri, Nov 20, 2026 at 10:00 AM NOURX wrote:\n> a", "Oui."),
        ("Oui.\n\nLe ven. 20 nov. 2026 à 10:00,\nNOURX <a@b.ci> a écrit :\n> a", "Oui."),
        ("Oui.\n-----Message d’origine-----\nDe : NOURX", "Oui."),
        ("Oui.\n\nDe : NOURX\nEnvoyé : vendredi\nÀ : Awa\nObjet : x\n\nsuite", "Oui."),
        ("Oui.\n> cité\n> encore", "Oui."),
        ("Oui.\n-- \nAwa Koné\nDirectrice", "Oui."),
        ("> rien d’autre", "> rien d’autre"),
        ("Le devis a été écrit : il manque le logo.", "Le devis a été écrit : il manque le logo."),
    ],
)
def test_an_answer_is_kept_without_what_it_quotes(text, kept):
    assert new_words(text) == kept


def test_only_the_topmost_word_of_the_trusted_server_counts():
    message = corpus.letter(results="mx.mechant.test; dmarc=pass")
    message["Authentication-Results"] = corpus.PASS

    assert not is_verified(message, corpus.TRUSTED)
    assert is_verified(corpus.letter(), corpus.TRUSTED)
    assert not is_verified(corpus.letter(), "")


def test_the_address_of_a_ticket_cannot_be_guessed():
    assert ticket_of_address("support+42-0123456789abcdef@nourx.test") is None


def test_a_report_and_a_robot_are_told_from_a_person():
    report = parsed(corpus.bounce("a@nourx.test", "vieux@acme.test"))

    assert bounce_of(report).address == "vieux@acme.test"
    assert bounce_of(corpus.letter()) is None
    assert robot_reason(corpus.letter(), ["support@nourx.test"]) == ""
