"""The support: a client asks, the team answers, and no word is lost."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core import rls
from portal.support import services
from portal.support.models import Ticket, TicketMessage

LIST, NEW = "/client/support/tickets/", "/client/support/nouveau/"
ASKED = {
    "subject": "Frais de livraison",
    "body": "Est-ce voulu ?",
    "priority": "2",
    "kind": "incident",
}


def address_of(ticket):
    return f"/client/support/{ticket.pk}/"


def text_of(response):
    return response.content.decode()


def tickets_of(client):
    with rls.staff("test"):
        return list(Ticket.objects.filter(client=client).order_by("id"))


def words_of(ticket):
    with rls.staff("test"):
        return list(ticket.messages.order_by("id").values_list("body", flat=True))


def last_message(ticket):
    with rls.staff("test"):
        return ticket.messages.latest("pk")


def steps_of(ticket):
    with rls.staff("test"):
        return list(ticket.events.order_by("pk").values_list("kind", flat=True))


# --- Opening --------------------------------------------------------------------------------


def test_a_client_opens_a_ticket(acme, acme_owner, client_of, project):
    response = client_of(acme_owner).post(NEW, {**ASKED, "project": project.pk})

    (ticket,) = tickets_of(acme)
    assert response.status_code == 302
    assert response["Location"] == address_of(ticket)
    assert (ticket.number, ticket.status, ticket.opened_by) == ("T-1", "open", acme_owner)
    assert ticket.kind == "incident"
    assert (ticket.project_id, ticket.subject) == (project.pk, "Frais de livraison")
    assert words_of(ticket) == ["Est-ce voulu ?"]


def test_tickets_are_numbered_one_after_the_other(
    acme, rival, make_ticket, acme_owner, rival_owner
):
    numbers = [
        make_ticket(acme, acme_owner).number,
        make_ticket(rival, rival_owner).number,
        make_ticket(acme, acme_owner).number,
    ]

    assert numbers == ["T-1", "T-2", "T-3"]


@pytest.mark.parametrize("missing", ["subject", "body", "priority"])
def test_a_ticket_without_its_words_is_not_opened_and_keeps_the_others(
    missing, acme, acme_owner, client_of
):
    response = client_of(acme_owner).post(NEW, {**ASKED, missing: ""})

    page = text_of(response)
    assert response.status_code == 422
    assert "Champ requis." in page
    for name in {"subject", "body"} - {missing}:
        assert ASKED[name].replace("?", "?") in page
    assert tickets_of(acme) == []


def test_a_project_of_another_client_cannot_be_named(
    acme, rival, acme_owner, client_of, make_project
):
    theirs = make_project(rival, "Conteneurs")

    response = client_of(acme_owner).post(NEW, {**ASKED, "project": theirs.pk})

    assert response.status_code == 422
    assert "Conteneurs" not in text_of(response)
    assert tickets_of(acme) == tickets_of(rival) == []


def test_a_ticket_cannot_be_opened_in_the_name_of_another_client(
    acme, rival, acme_owner, client_of
):
    client_of(acme_owner).post(NEW, {**ASKED, "client": rival.pk})

    assert tickets_of(rival) == []


def test_somebody_of_two_clients_writes_for_the_space_they_are_in(
    acme, rival, client_of, make_member
):
    person = make_member(acme, "owner")
    make_member(rival, "owner", user=person)

    client_of(person).post(NEW, ASKED)

    assert len(tickets_of(acme)) + len(tickets_of(rival)) == 1


def test_the_service_asks_for_the_right(acme, rival_owner, team):
    with pytest.raises(PermissionDenied):
        services.open_ticket(
            client_id=acme.pk,
            project=None,
            subject="Sujet",
            body="Bonjour",
            priority=2,
            actor=rival_owner,
            at=timezone.now(),
        )

    assert not Ticket.objects.exists()


def test_a_link_may_suggest_the_subject_and_the_project(acme_owner, client_of, project):
    page = text_of(client_of(acme_owner).get(f"{NEW}?sujet=Page%20panier&projet={project.pk}"))

    assert 'value="Page panier"' in page
    assert f'<option value="{project.pk}" selected>' in page


def test_what_was_typed_comes_back_after_signing_in_again(acme, acme_owner, client_of):
    browser = client_of()
    browser.post("/connexion/", {"login": acme_owner.email, "password": "une-phrase-assez-longue"})
    browser.cookies.pop("sessionid")

    away = browser.post(NEW, ASKED, HTTP_REFERER=f"http://testserver{NEW}")
    browser.post(
        away["Location"], {"login": acme_owner.email, "password": "une-phrase-assez-longue"}
    )
    page = text_of(browser.get(NEW))

    assert away.status_code == 302
    assert 'value="Frais de livraison"' in page
    assert "Est-ce voulu ?" in page
    assert tickets_of(acme) == []


# --- Reading and answering ------------------------------------------------------------------


def test_what_waits_for_the_client_comes_first(acme, acme_owner, client_of, make_ticket):
    make_ticket(acme, acme_owner, subject="Attend", status="waiting")
    make_ticket(acme, acme_owner, subject="Ouvert")
    make_ticket(acme, acme_owner, subject="Fermé", status="closed")

    rows = client_of(acme_owner).get(LIST).context["rows"]

    assert [ticket.subject for ticket, *_ in rows] == ["Attend", "Fermé", "Ouvert"]


def test_an_answer_joins_the_thread_and_puts_the_ticket_in_our_hands(
    acme, acme_owner, manager, client_of, make_ticket
):
    ticket = make_ticket(acme, acme_owner, status="waiting", assignee=manager)

    response = client_of(acme_owner).post(address_of(ticket), {"body": "1 500 francs."})

    last = last_message(ticket)
    assert response["Location"] == f"{address_of(ticket)}#message-{last.pk}"
    assert words_of(ticket) == ["Est-ce voulu ?", "1 500 francs."]
    assert tickets_of(acme)[0].status == "taken"
    assert steps_of(ticket) == ["opened", "resumed"]


def test_an_empty_answer_says_so_and_changes_nothing(acme, acme_owner, client_of, make_ticket):
    ticket = make_ticket(acme, acme_owner, status="waiting")

    response = client_of(acme_owner).post(address_of(ticket), {"body": "  "})

    assert response.status_code == 422
    assert words_of(ticket) == ["Est-ce voulu ?"]
    assert tickets_of(acme)[0].status == "waiting"


def test_a_closed_ticket_takes_no_answer_and_keeps_the_text(
    acme, acme_owner, client_of, make_ticket
):
    ticket = make_ticket(acme, acme_owner, status="closed")

    response = client_of(acme_owner).post(address_of(ticket), {"body": "Encore un mot."})

    assert response.status_code == 409
    assert "Encore un mot." in text_of(response)
    assert words_of(ticket) == ["Est-ce voulu ?"]


def test_an_internal_note_is_never_shown(acme, acme_owner, manager, client_of, make_ticket, team):
    ticket = make_ticket(acme, acme_owner)
    services.answer_as_team(
        ticket=ticket,
        body="Client pénible.",
        is_internal=True,
        status="taken",
        actor=manager,
        at=timezone.now(),
    )

    page = text_of(client_of(acme_owner).get(address_of(ticket)))

    assert "pénible" not in page


def test_the_first_answer_of_the_team_is_timed_and_a_note_is_not(
    acme, acme_owner, manager, make_ticket, team
):
    ticket, at = make_ticket(acme, acme_owner), timezone.now()
    answer = {"ticket": ticket, "body": "Vu.", "actor": manager, "at": at}

    services.answer_as_team(**answer, is_internal=True, status="taken")
    assert Ticket.objects.get().answered_at is None

    services.answer_as_team(**answer, is_internal=False, status="solved")
    solved = Ticket.objects.get()
    assert (solved.answered_at, solved.solved_at, solved.status) == (at, at, "solved")


def test_a_ticket_of_another_client_cannot_be_read_or_answered(
    acme, acme_owner, rival_owner, client_of, make_ticket
):
    ticket = make_ticket(acme, acme_owner)
    browser = client_of(rival_owner)

    assert browser.get(address_of(ticket)).status_code == 404
    assert browser.post(address_of(ticket), {"body": "Bonjour"}).status_code == 404
    assert words_of(ticket) == ["Est-ce voulu ?"]


def test_a_stranger_cannot_answer(acme, acme_owner, client_of, make_ticket):
    ticket = make_ticket(acme, acme_owner)

    response = client_of().post(address_of(ticket), {"body": "Bonjour"})

    assert response.status_code == 302
    assert response["Location"].startswith("/connexion/")
    assert words_of(ticket) == ["Est-ce voulu ?"]


def test_a_message_carries_the_client_of_its_ticket(acme, acme_owner, make_ticket, team):
    make_ticket(acme, acme_owner)

    assert TicketMessage.objects.get().client_id == acme.pk
