"""A ticket from its opening to its closing: steps, files, reopening, satisfaction, reading."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from core import rls
from core.files.uploads import PlainFile
from portal.support import queries, services
from portal.support.models import Ticket, TicketAttachment, TicketMessage

NEW, LIST = "/client/support/nouveau/", "/client/support/tickets/"
PDF = b"%PDF-1.7\nbonjour\n%%EOF"
SENT = {"subject": "Panne", "body": "Rien ne marche.", "priority": "3", "kind": "incident"}


def address_of(ticket, act=""):
    return f"/client/support/{ticket.pk}/{act}"


def text_of(response):
    return response.content.decode()


def again(ticket):
    with rls.staff("test"):
        return Ticket.objects.get(pk=ticket.pk)


def steps_of(ticket):
    with rls.staff("test"):
        rows = ticket.events.order_by("pk")
        return [(row.kind, row.status, row.actor_id) for row in rows]


def count_messages(ticket):
    with rls.staff("test"):
        return ticket.messages.count()


def files_of(ticket):
    with rls.staff("test"):
        rows = TicketAttachment.objects.filter(ticket=ticket).order_by("pk")
        return [(row.pk, row.file.name, row.file.size) for row in rows.select_related("file")]


def a_pdf(name="capture.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def answer_as(manager, ticket, *, status="waiting", body="Vu.", **more):
    with rls.staff("test"):
        return services.answer_as_team(
            ticket=ticket,
            body=body,
            is_internal=more.pop("is_internal", False),
            status=status,
            actor=manager,
            at=timezone.now(),
            **more,
        )


# --- Steps ----------------------------------------------------------------------------------


def test_each_change_of_state_is_dated_and_named(acme, acme_owner, manager, client_of, make_ticket):
    ticket = make_ticket(acme, acme_owner)

    answer_as(manager, ticket, status="taken")
    answer_as(manager, ticket, status="waiting")
    client_of(acme_owner).post(address_of(ticket, "resolu/"))

    assert steps_of(ticket) == [
        ("opened", "open", acme_owner.pk),
        ("taken", "taken", manager.pk),
        ("waiting", "waiting", manager.pk),
        ("solved", "solved", acme_owner.pk),
    ]
    page = text_of(client_of(acme_owner).get(address_of(ticket)))
    assert "Pris en charge par Awa Koné" in page
    assert "Marqué comme résolu par Awa Koné" in page


def test_an_internal_note_leaves_the_state_and_its_files_unseen(
    acme, acme_owner, manager, client_of, make_ticket
):
    ticket = make_ticket(acme, acme_owner)
    secret = PlainFile(a_pdf("marge.pdf"), "application/pdf")

    answer_as(manager, ticket, is_internal=True, body="Marge faible.", files=[secret])

    [(pk, name, _size)] = files_of(ticket)
    browser = client_of(acme_owner)
    page = text_of(browser.get(address_of(ticket)))
    assert (again(ticket).status, name) == ("open", "marge.pdf")
    assert "Marge faible" not in page
    assert "marge.pdf" not in page
    assert browser.get(address_of(ticket, f"fichiers/{pk}/")).status_code == 404
    assert "Frais de livraison" not in text_of(browser.get(LIST, {"q": "marge faible"}))


def test_the_first_of_the_team_to_answer_follows_the_ticket(
    acme, acme_owner, manager, owner_staff, make_ticket
):
    ticket = make_ticket(acme, acme_owner)

    answer_as(manager, ticket)
    answer_as(owner_staff, ticket)

    assert again(ticket).assignee == manager


def test_a_change_of_state_in_the_admin_is_a_step_too(acme, acme_owner, manager, make_ticket, team):
    ticket = make_ticket(acme, acme_owner)
    ticket.status = "closed"
    ticket.save()

    services.note_ticket(ticket=ticket, actor=manager, is_new=False, at=timezone.now())

    assert steps_of(ticket)[-1] == ("closed", "closed", manager.pk)
    assert again(ticket).closed_at is not None


# --- Files ----------------------------------------------------------------------------------


def test_files_come_with_a_new_request_and_are_handed_back(acme, acme_owner, client_of, project):
    browser = client_of(acme_owner)

    sent = browser.post(NEW, {**SENT, "files": [a_pdf("un.pdf"), a_pdf("deux.pdf")]})

    with rls.staff("test"):
        ticket = Ticket.objects.get()
    assert sent.status_code == 302
    assert [(name, size) for _, name, size in files_of(ticket)] == [
        ("un.pdf", len(PDF)),
        ("deux.pdf", len(PDF)),
    ]
    pk = files_of(ticket)[0][0]
    shown = browser.get(address_of(ticket, f"fichiers/{pk}/?voir=1"))
    taken = browser.get(address_of(ticket, f"fichiers/{pk}/"))
    assert b"".join(shown.streaming_content) == PDF
    assert shown["Content-Disposition"].startswith("inline")
    assert b"".join(taken.streaming_content) == PDF
    assert taken["Content-Disposition"].startswith("attachment")
    page = text_of(browser.get(address_of(ticket)))
    assert "un.pdf" in page
    assert f"{len(PDF)}\u00a0octets" in page


def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_kept(
    acme, acme_owner, client_of, make_ticket
):
    ticket = make_ticket(acme, acme_owner)
    browser = client_of(acme_owner)
    fake = a_pdf("facture.pdf", b"MZ\x90 not a pdf")

    asked = browser.post(NEW, {**SENT, "files": [fake]})
    said = browser.post(address_of(ticket), {"body": "Voici.", "files": [fake]})

    assert (asked.status_code, said.status_code) == (422, 422)
    assert "Rien ne marche." in text_of(asked)
    assert "Voici." in text_of(said)
    assert "facture.pdf" in text_of(said)
    with rls.staff("test"):
        assert Ticket.objects.count() == 1
    assert (count_messages(ticket), files_of(ticket)) == (1, [])


def test_a_file_of_another_client_does_not_exist(
    acme, acme_owner, rival_owner, client_of, make_ticket
):
    ticket = make_ticket(acme, acme_owner)
    client_of(acme_owner).post(address_of(ticket), {"body": "Voici.", "files": [a_pdf()]})
    pk = files_of(ticket)[0][0]

    answer = client_of(rival_owner).get(address_of(ticket, f"fichiers/{pk}/"))

    assert answer.status_code == 404


# --- What is typed --------------------------------------------------------------------------


def test_what_is_written_is_shown_and_never_run(acme, acme_owner, client_of, make_ticket):
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    ticket = make_ticket(acme, acme_owner, subject=attack, body=f"{attack} https://nourx.test/a")

    page = text_of(client_of(acme_owner).get(address_of(ticket)))

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '<a href="https://nourx.test/a" rel="nofollow">' in page


@pytest.mark.parametrize("where", ["new", "answer"])
def test_fifty_thousand_characters_are_refused_and_kept_on_the_page(
    where, acme, acme_owner, client_of, make_ticket
):
    ticket, long = make_ticket(acme, acme_owner), "é" * 50_000
    address = NEW if where == "new" else address_of(ticket)

    answer = client_of(acme_owner).post(address, {**SENT, "body": long})

    assert answer.status_code == 422
    assert long in text_of(answer)
    assert "la limite est de 10000" in text_of(answer)
    assert count_messages(ticket) == 1
    with rls.staff("test"):
        assert Ticket.objects.count() == 1


def test_a_form_sent_twice_under_one_key_opens_one_ticket(acme, acme_owner, client_of):
    browser, key = client_of(acme_owner), str(uuid.uuid4())

    first = browser.post(NEW, {**SENT, "cle": key})
    second = browser.post(NEW, {**SENT, "cle": key})

    assert first["Location"] == second["Location"]
    with rls.staff("test"):
        assert Ticket.objects.count() == 1


def test_an_answer_sent_twice_under_one_key_is_one_message(
    acme, acme_owner, client_of, make_ticket
):
    ticket, browser = make_ticket(acme, acme_owner), client_of(acme_owner)
    key = str(uuid.uuid4())

    for _attempt in range(2):
        browser.post(address_of(ticket), {"body": "Une fois.", "cle": key})

    assert count_messages(ticket) == 2


# --- Solved, opened again, closed -----------------------------------------------------------


def test_a_solved_ticket_opens_again_with_its_reason(
    acme, acme_owner, manager, client_of, make_ticket
):
    ticket = make_ticket(acme, acme_owner)
    answer_as(manager, ticket, status="solved")

    answer = client_of(acme_owner).post(address_of(ticket), {"body": "Toujours en panne."})

    assert answer.status_code == 302
    assert (again(ticket).status, again(ticket).solved_at) == ("taken", None)
    assert steps_of(ticket)[-1] == ("reopened", "taken", acme_owner.pk)


def test_a_solved_ticket_does_not_open_again_without_a_reason(
    acme, acme_owner, manager, client_of, make_ticket
):
    ticket = make_ticket(acme, acme_owner)
    answer_as(manager, ticket, status="solved")

    answer = client_of(acme_owner).post(address_of(ticket), {"body": " "})

    assert answer.status_code == 422
    assert again(ticket).status == "solved"


def test_after_thirty_days_a_new_request_names_the_old_one(
    acme, acme_owner, client_of, make_ticket
):
    long_ago = timezone.now() - timedelta(days=31)
    ticket = make_ticket(acme, acme_owner, status="solved", solved_at=long_ago)
    browser = client_of(acme_owner)

    refused = browser.post(address_of(ticket), {"body": "Encore là."})
    opened = browser.post(f"{NEW}?suite={ticket.pk}", {**SENT, "follows": ticket.pk})

    assert (refused.status_code, again(ticket).status) == (409, "solved")
    assert "Encore là." in text_of(refused)
    assert opened.status_code == 302
    with rls.staff("test"):
        assert Ticket.objects.latest("pk").follows == ticket
    assert f"{ticket.number}, Frais de livraison" in text_of(browser.get(opened["Location"]))


def test_a_new_request_cannot_follow_another_clients(
    acme, rival, rival_owner, acme_owner, client_of, make_ticket
):
    theirs = make_ticket(rival, rival_owner, subject="Secret de Rival")

    answer = client_of(acme_owner).post(NEW, {**SENT, "follows": theirs.pk})

    assert answer.status_code == 422
    page = client_of(acme_owner).get(f"{NEW}?suite={theirs.pk}")
    assert "Secret de Rival" not in text_of(page)
    with rls.staff("test"):
        assert Ticket.objects.count() == 1


def test_what_was_solved_a_month_ago_closes_by_itself(acme, acme_owner, make_ticket, team):
    now = timezone.now()
    old = make_ticket(acme, acme_owner, status="solved", solved_at=now - timedelta(days=31))
    fresh = make_ticket(acme, acme_owner, status="solved", solved_at=now - timedelta(days=29))

    closed = services.close_solved_tickets(at=now)

    assert closed == 1
    assert (again(old).status, again(fresh).status) == ("closed", "solved")
    assert steps_of(old)[-1] == ("closed", "closed", None)
    assert services.close_solved_tickets(at=now) == 0


def test_marking_solved_twice_is_one_step(acme, acme_owner, client_of, make_ticket):
    ticket, browser = make_ticket(acme, acme_owner), client_of(acme_owner)

    for _attempt in range(2):
        assert browser.post(address_of(ticket, "resolu/")).status_code == 302

    assert [kind for kind, *_ in steps_of(ticket)] == ["opened", "solved"]


@pytest.mark.parametrize("act", ["resolu/", "avis/"])
def test_another_client_and_a_stranger_change_nothing(
    act, acme, acme_owner, rival_owner, client_of, make_ticket
):
    ticket = make_ticket(acme, acme_owner)
    typed = {"rating": 1, "comment": "Non"}

    theirs = client_of(rival_owner).post(address_of(ticket, act), typed)
    nobody = client_of().post(address_of(ticket, act), typed)

    assert (theirs.status_code, nobody.status_code) == (404, 302)
    assert (again(ticket).status, again(ticket).rating) == ("open", None)


def test_the_services_ask_for_the_right(acme, acme_owner, rival_owner, make_ticket, team):
    ticket, at = make_ticket(acme, acme_owner, status="solved"), timezone.now()
    common = {"ticket": ticket, "actor": rival_owner, "at": at}

    with pytest.raises(PermissionDenied):
        services.mark_solved(**common)
    with pytest.raises(PermissionDenied):
        services.rate_ticket(**common, rating=1, comment="")
    with pytest.raises(PermissionDenied):
        services.answer_as_client(**common, body="Bonjour")

    assert (again(ticket).rating, count_messages(ticket)) == (None, 1)


# --- At the same time -----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_closing_at_once_leave_one_true_state(
    acme, acme_owner, manager, make_ticket
):
    ticket, together = make_ticket(acme, acme_owner), Barrier(2)

    def act(what):
        together.wait()
        try:
            with rls.staff("test"):
                if what == "close":
                    answer_as(manager, ticket, status="closed")
                else:
                    services.answer_as_client(
                        ticket=ticket, body="Attendez.", actor=acme_owner, at=timezone.now()
                    )
            return "done"
        except services.CannotAnswer:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        closing, answering = threads.map(act, ["close", "answer"])

    assert closing == "done"
    assert again(ticket).status == "closed"
    assert count_messages(ticket) == (3 if answering == "done" else 2)


def test_who_is_told_are_those_who_took_part(acme, acme_owner, make_member, make_ticket, team):
    colleague, other = make_member(acme, "project"), make_member(acme, "guest")
    ticket = make_ticket(acme, acme_owner)
    TicketMessage.objects.create(
        ticket=ticket, author=colleague, body="Moi aussi.", created_at=timezone.now()
    )

    people = set(queries.people_of(ticket))

    assert people == {acme_owner, colleague}
    assert other not in people
