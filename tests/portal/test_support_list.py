"""The list of requests: narrowed, searched, and what is new to each person."""

import pytest
from django.utils import timezone

from core import rls
from portal.support import services
from portal.support.models import TicketMessage, TicketReading

LIST = "/client/support/tickets/"


def address_of(ticket, act=""):
    return f"/client/support/{ticket.pk}/{act}"


def text_of(response):
    return response.content.decode()


def answer_as(manager, ticket, *, is_internal=False):
    with rls.staff("test"):
        services.answer_as_team(
            ticket=ticket,
            body="Vu.",
            is_internal=is_internal,
            status="waiting",
            actor=manager,
            at=timezone.now(),
        )


def subjects(browser, **query):
    return [ticket.subject for ticket, *_ in browser.get(LIST, query).context["rows"]]


@pytest.fixture
def three(acme, acme_owner, make_member, make_ticket):
    colleague = make_member(acme, "billing", first_name="Mariam")
    make_ticket(acme, acme_owner, subject="Fenêtre cassée à Bouaké")
    make_ticket(acme, colleague, subject="Facture", status="waiting")
    make_ticket(acme, acme_owner, subject="Ancienne", status="closed")
    return colleague


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"Facture", "Ancienne", "Fenêtre cassée à Bouaké"}),
        ({"etat": "ouvertes"}, {"Facture", "Fenêtre cassée à Bouaké"}),
        ({"etat": "attente"}, {"Facture"}),
        ({"etat": "resolues"}, {"Ancienne"}),
        ({"etat": "inconnu"}, {"Facture", "Ancienne", "Fenêtre cassée à Bouaké"}),
        ({"qui": "moi"}, {"Ancienne", "Fenêtre cassée à Bouaké"}),
        ({"q": "fenetre BOUAKE"}, {"Fenêtre cassée à Bouaké"}),
        ({"q": "t-2"}, {"Facture"}),
        ({"q": "est-ce voulu"}, {"Facture", "Ancienne", "Fenêtre cassée à Bouaké"}),
        ({"q": "girafe"}, set()),
        ({"q": "%"}, {"Facture", "Ancienne", "Fenêtre cassée à Bouaké"}),
    ],
)
def test_the_list_is_narrowed(query, found, three, acme_owner, client_of):
    assert set(subjects(client_of(acme_owner), **query)) == found


def test_an_empty_list_says_what_to_do(acme_owner, client_of):
    page = text_of(client_of(acme_owner).get(LIST))

    assert "Aucune demande" in page
    assert "Nouvelle demande" in page


def test_what_somebody_else_wrote_is_new_until_it_is_read(
    acme, acme_owner, manager, client_of, make_ticket
):
    ticket, browser = make_ticket(acme, acme_owner), client_of(acme_owner)
    assert "Nouvelle réponse" not in text_of(browser.get(LIST))

    answer_as(manager, ticket)
    before = text_of(browser.get(LIST))
    browser.get(address_of(ticket))
    after = text_of(browser.get(LIST))

    assert "Nouvelle réponse" in before
    assert "Nouvelle réponse" not in after
    with rls.staff("test"):
        assert TicketReading.objects.get().user == acme_owner


def test_what_a_colleague_wrote_is_a_message_and_no_reply(
    acme, acme_owner, make_member, client_of, make_ticket
):
    make_ticket(acme, make_member(acme, "billing", first_name="Mariam"))

    page = text_of(client_of(acme_owner).get(LIST))

    assert "Nouveau message" in page
    assert "Nouvelle réponse" not in page


def test_a_request_of_a_visitor_bears_the_name_they_gave(acme, acme_owner, client_of, make_ticket):
    ticket = make_ticket(acme, acme_owner)
    with rls.staff("test"):
        TicketMessage.objects.filter(ticket=ticket).update(author=None, visitor="Fanta")

    assert "Fanta · " in text_of(client_of(acme_owner).get(LIST))


def test_a_note_of_the_team_is_no_news(acme, acme_owner, manager, client_of, make_ticket):
    ticket = make_ticket(acme, acme_owner)

    answer_as(manager, ticket, is_internal=True)

    assert "Nouvelle réponse" not in text_of(client_of(acme_owner).get(LIST))


def test_a_long_thread_shows_its_end_and_leads_to_the_rest(
    acme, acme_owner, client_of, make_ticket, count_queries
):
    ticket = make_ticket(acme, acme_owner, body="Le tout premier")
    with rls.staff("test"):
        for rank in range(200):
            TicketMessage.objects.create(
                ticket=ticket, author=acme_owner, body=f"Mot {rank}", created_at=timezone.now()
            )
    browser = client_of(acme_owner)

    short, whole = browser.get(address_of(ticket)), browser.get(address_of(ticket, "?tout"))

    assert "Le tout premier" not in text_of(short)
    assert "Afficher les 141 éléments plus anciens" in text_of(short)
    assert "Le tout premier" in text_of(whole)
    assert count_queries(browser, address_of(ticket)) <= 10
