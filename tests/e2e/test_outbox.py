"""A message written on a link that drops: kept, told, sent once, never lost without being asked."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from core import rls
from core.access.models import Submission
from portal.projects.models import Task, TaskComment
from portal.support.models import TicketMessage
from portal.support.services import open_ticket
from tests.e2e.test_signing_in import end_all_sessions

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Cela recommence depuis midi."
FIRST = "Depuis ce matin."


@pytest.fixture
def ticket(acme, acme_owner):
    with rls.staff("test world"):
        return open_ticket(
            client_id=acme.pk,
            project=None,
            subject="Le panier se vide",
            body=FIRST,
            priority=2,
            actor=acme_owner,
            at=timezone.now(),
        )


@pytest.fixture
def page(person, ticket, acme_owner):
    """A page on which the client has typed an answer, not sent yet."""
    one = person()
    one.page.goto(f"/client/support/{ticket.pk}/")
    one.sign_in(acme_owner.email)
    one.page.get_by_label("Votre réponse").fill(WORDS)
    return one.page


def send(page):
    page.get_by_role("button", name="Répondre").click()


def said():
    with rls.staff("test"):
        return list(TicketMessage.objects.order_by("pk").values_list("body", flat=True))


def waiting(page):
    return page.get_by_role("region", name="En attente d’envoi")


def send_without_network(page):
    page.context.set_offline(True)
    send(page)
    expect(waiting(page)).to_contain_text(WORDS)


def test_words_sent_offline_are_kept_and_leave_when_the_network_returns(page):
    page.context.set_offline(True)

    send(page)

    expect(waiting(page)).to_contain_text(WORDS)
    expect(waiting(page)).to_contain_text("Partira dès que le réseau revient")
    expect(page.locator("#toasts")).to_contain_text(
        "Pas de réseau. Votre message est gardé et partira tout seul."
    )
    expect(page.get_by_label("Votre réponse")).to_have_value("")
    assert said() == [FIRST]

    page.context.set_offline(False)

    expect(page.locator("#toasts")).to_contain_text("Votre message est parti.")
    expect(page.locator("#fil .msg").last).to_contain_text(WORDS)
    expect(waiting(page)).to_be_hidden()
    assert said() == [FIRST, WORDS]


def test_words_kept_by_a_page_that_was_closed_leave_from_another(page):
    send_without_network(page)
    context = page.context
    page.close()

    context.set_offline(False)
    other = context.new_page()
    other.goto("/client/")

    expect(other.locator("#toasts")).to_contain_text("Votre message est parti.")
    assert said() == [FIRST, WORDS]


def lose_first_answer(page, address):
    """Let a form reach the server, and lose what it answers; return the keys that were sent."""
    sent = []

    def on_request(route):
        if route.request.method != "POST":
            return route.continue_()
        sent.append(key_of(route.request))
        if len(sent) > 1:
            return route.continue_()
        assert route.fetch().status == 200
        return route.abort("connectionreset")

    page.route(address, on_request)
    return sent


def key_of(request):
    """Return the key of a form: in its header when the outbox sends it, else in a field."""
    header = request.headers.get("idempotency-key")
    return header or re.search(r'name="cle"\s+(\S+)|\bcle=([^&]+)', request.post_data)[1]


def test_an_answer_of_the_server_that_is_lost_makes_no_second_message(page, ticket):
    sent = lose_first_answer(page, f"**/client/support/{ticket.pk}/")

    send(page)
    expect(waiting(page)).to_contain_text(WORDS)
    assert said() == [FIRST, WORDS]
    expect(page.locator("#toasts")).to_contain_text("Votre message est parti.")

    expect(page.locator("#fil .msg").last).to_contain_text(WORDS)
    expect(waiting(page)).to_be_hidden()
    assert (len(sent), len(set(sent))) == (2, 1)
    assert said() == [FIRST, WORDS]
    assert Submission.objects.count() == 1


def test_a_message_on_a_task_whose_answer_is_lost_is_kept_once(person, project, acme_owner):
    with rls.staff("test world"):
        task = Task.objects.create(project=project, title="Relire", assignee=acme_owner)
    one = person()
    one.page.goto(f"/client/taches/{task.pk}/")
    one.sign_in(acme_owner.email)
    one.page.get_by_label("Votre message").fill(WORDS)

    sent = lose_first_answer(one.page, f"**/client/taches/{task.pk}/*/")
    one.page.locator("#ecrire").get_by_role("button", name="Envoyer").click()
    expect(waiting(one.page)).to_contain_text(WORDS)
    expect(one.page.locator("#toasts")).to_contain_text("Votre message est parti.")

    expect(one.page.locator("#task-thread .msg")).to_have_count(1)
    expect(one.page.get_by_label("Votre message")).to_have_value("")
    assert (len(sent), len(set(sent))) == (2, 1)
    with rls.staff("test"):
        assert list(TaskComment.objects.values_list("body", flat=True)) == [WORDS]


def test_words_that_waited_while_the_session_ended_leave_after_the_sign_in(page, acme_owner):
    send_without_network(page)
    end_all_sessions()

    with page.expect_response(lambda answer: answer.status == 401):
        page.context.set_offline(False)
    expect(waiting(page)).to_contain_text(WORDS)
    assert said() == [FIRST]
    page.goto("/client/")
    page.get_by_label("Adresse e-mail").fill(acme_owner.email)
    page.get_by_label("Mot de passe", exact=True).fill("une-phrase-assez-longue")
    page.get_by_role("button", name="Se connecter").click()

    expect(page.locator("#toasts")).to_contain_text("Votre message est parti.")
    assert said() == [FIRST, WORDS]


def test_words_of_one_person_do_not_leave_in_the_name_of_another(page, acme, make_member):
    colleague = make_member(acme, "owner", email="ali@acme.test")
    send_without_network(page)
    end_all_sessions()
    with page.expect_response(lambda answer: answer.status == 401):
        page.context.set_offline(False)

    page.goto("/client/")
    page.get_by_label("Adresse e-mail").fill(colleague.email)
    page.get_by_label("Mot de passe", exact=True).fill("une-phrase-assez-longue")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", name="Bonjour Awa")).to_be_visible()
    page.wait_for_load_state("networkidle")

    expect(waiting(page)).to_be_hidden()
    assert said() == [FIRST]


def lose_every_answer(page, ticket):
    """Have nobody answer the form, while the rest of the site does."""
    page.route(
        f"**/client/support/{ticket.pk}/",
        lambda route: (
            route.abort("connectionreset") if route.request.method == "POST" else route.continue_()
        ),
    )


@pytest.mark.parametrize("is_certain", [False, True], ids=["stays", "leaves"])
def test_signing_out_asks_before_it_forgets_what_waits(page, ticket, is_certain):
    asked = []

    def answer(dialog):
        asked.append(dialog.message)
        dialog.accept() if is_certain else dialog.dismiss()

    lose_every_answer(page, ticket)
    send(page)
    expect(waiting(page)).to_contain_text(WORDS)
    page.on("dialog", answer)

    page.get_by_text("Plus", exact=True).click()
    page.get_by_role("button", name="Se déconnecter").click()

    if is_certain:
        expect(page.get_by_role("button", name="Se déconnecter")).to_have_count(0)
    else:
        expect(waiting(page)).to_contain_text(WORDS)
    assert asked == [
        "Un message n’est pas encore parti. Se déconnecter l’efface de cet appareil. Continuer ?"
    ]
    assert Session.objects.filter(expire_date__gt=timezone.now()).exists() is not is_certain
    assert page.evaluate(KEPT_ON_THE_DEVICE) == (0 if is_certain else 1)
    assert said() == [FIRST]


KEPT_ON_THE_DEVICE = """() => new Promise((done) => {
  const request = indexedDB.open("nourx", 1);
  request.onsuccess = () => {
    const count = request.result.transaction("outbox").objectStore("outbox").count();
    count.onsuccess = () => done(count.result);
  };
})"""
