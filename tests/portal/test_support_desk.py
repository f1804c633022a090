"""The team at its desk: assigning, closing, merging, splitting, notes, drafts, two at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core import rls
from core.notify.models import OutgoingMail, TeamNotice
from portal.projects.models import Task, TimeEntry
from portal.support import services
from portal.support.canned import filled, unknown_names
from portal.support.correcting import open_corrective_task
from portal.support.mentions import mentioned
from portal.support.models import (
    CannedReply,
    Ticket,
    TicketAttachment,
    TicketDraft,
    TicketTime,
    TicketWatcher,
)
from portal.support.rating_links import rate_url
from tests.portal.conftest import plain_file

pytestmark = pytest.mark.usefixtures("team")


@pytest.fixture
def ticket(acme, acme_owner, make_ticket):
    return make_ticket(acme, acme_owner)


@pytest.fixture
def other(acme, acme_owner, make_ticket):
    return make_ticket(acme, acme_owner, subject="Encore les frais")


def page_of(ticket, act="inspect"):
    return reverse(f"wagtailsnippets_support_ticket:{act}", args=[ticket.pk])


def steps_of(ticket):
    return list(ticket.events.order_by("pk").values_list("kind", "detail", "is_internal"))


def answer(ticket, actor, body="Vu.", **fields):
    fields = {"is_internal": False, "status": "taken", "at": timezone.now()} | fields
    return services.answer_as_team(ticket=ticket, body=body, actor=actor, **fields)


# --- Assigning, sorting, escalating -------------------------------------------------------------


def test_whoever_a_request_is_given_to_is_told_and_the_history_keeps_it(
    ticket, manager, owner_staff
):
    services.assign_ticket(ticket=ticket, to=manager, actor=owner_staff, at=timezone.now())

    ticket.refresh_from_db()
    assert ticket.assignee == manager
    assert TeamNotice.objects.filter(user=manager, event="ticket_assigned").count() == 1
    assert steps_of(ticket)[-1] == ("assigned", str(manager), True)


def test_a_client_is_not_given_requests(ticket, acme_owner, manager):
    with pytest.raises(ValidationError):
        services.assign_ticket(ticket=ticket, to=acme_owner, actor=manager, at=timezone.now())

    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_escalating_raises_priority_and_level_three_times_at_most(ticket, manager, owner_staff):
    for _step in range(3):
        services.escalate_ticket(
            ticket=ticket, reason="Le client appelle.", actor=manager, at=timezone.now()
        )
    with pytest.raises(services.CannotEscalate):
        services.escalate_ticket(ticket=ticket, reason="x", actor=manager, at=timezone.now())

    ticket.refresh_from_db()
    assert (ticket.level, ticket.priority) == (3, 3)
    assert [kind for kind, *_rest in steps_of(ticket)].count("escalated") == 3
    assert TeamNotice.objects.filter(user=owner_staff, event="ticket_escalated").count() == 3


# --- Two at once --------------------------------------------------------------------------------


def test_the_second_of_two_answers_is_stopped_and_loses_no_word(
    ticket, manager, owner_staff, client_of
):
    seen = ticket.messages.latest("pk").pk
    answer(ticket, owner_staff, "Réponse de Mariam.")
    posted = {"body": "La mienne.", "status": "taken", "seen": seen}

    browser = client_of(manager)
    first = browser.post(page_of(ticket, "repondre"), posted)
    said = ticket.messages.count()
    again = browser.post(
        page_of(ticket, "repondre"), posted | {"seen": first.context["form"]["seen"].value()}
    )

    assert "La mienne." in first.content.decode()
    assert "a écrit entre-temps" in first.content.decode()
    assert said == 2
    assert again.status_code == 302
    assert ticket.messages.count() == 3


def test_a_draft_is_kept_says_who_writes_and_goes_with_the_answer(
    ticket, manager, owner_staff, client_of
):
    address = reverse("support_draft", args=[ticket.pk])
    client_of(owner_staff).post(address, {"body": "Je commence"})

    said = client_of(manager).post(address, {"body": "Moi aussi"}).json()
    page = client_of(manager).get(page_of(ticket)).content.decode()
    answer(ticket, manager)

    assert said["writing"] == [str(owner_staff)]
    assert "Moi aussi" in page
    assert f"{owner_staff} répond aussi." in page
    assert list(TicketDraft.objects.values_list("body", flat=True)) == ["Je commence"]


# --- Notes and mentions -------------------------------------------------------------------------


def test_a_note_tells_whom_it_names_and_they_follow(ticket, manager, owner_staff):
    owner_staff.first_name, owner_staff.last_name = "Mariam", "Traoré"
    owner_staff.save()

    answer(ticket, manager, "@mariam tu regardes ?", is_internal=True)

    assert TeamNotice.objects.filter(user=owner_staff, event="ticket_mentioned").count() == 1
    assert TicketWatcher.objects.get().user == owner_staff


def test_a_first_name_of_two_people_names_nobody():
    class Person:
        def __init__(self, first, last, email):
            self.first_name, self.last_name, self.email = first, last, email

    awa, other = Person("Awa", "Koné", "ak@n.ci"), Person("Awa", "Diallo", "ad@n.ci")

    assert mentioned("@awa ?", [awa, other]) == []
    assert mentioned("@Awa Koné et @ad", [awa, other]) == [awa, other]
    assert mentioned("écris à contact@awa.ci", [awa]) == []


# --- Closing ------------------------------------------------------------------------------------


def test_a_request_is_closed_once_with_how_it_ended(ticket, manager):
    values = {"ticket": ticket, "resolution": "fixed", "actor": manager, "at": timezone.now()}
    services.close_ticket(**values, body="C’est corrigé.")
    with pytest.raises(services.CannotClose):
        services.close_ticket(**values)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.resolution, ticket.assignee) == ("solved", "fixed", manager)
    assert ticket.messages.count() == 2
    assert OutgoingMail.objects.filter(template="support/answered").count() == 1


# --- Merging and splitting ----------------------------------------------------------------------


def test_merging_moves_words_files_time_and_watchers_and_leads_the_client(
    ticket, other, acme_owner, manager, client_of
):
    services.answer_as_client(
        ticket=other,
        body="Voir le fichier.",
        actor=acme_owner,
        at=timezone.now(),
        files=[plain_file("a.pdf")],
    )
    services.log_time(ticket=other, minutes=20, on=timezone.localdate(), note="", actor=manager)
    services.watch_ticket(ticket=other, people=[manager], actor=manager)

    services.merge_tickets(ticket=other, into=ticket, actor=manager, at=timezone.now())

    other.refresh_from_db()
    assert (other.status, other.merged_into, other.resolution) == ("closed", ticket, "duplicate")
    assert (ticket.messages.count(), other.messages.count()) == (3, 0)
    assert {row.ticket_id for row in TicketAttachment.objects.all()} == {ticket.pk}
    assert TicketTime.objects.get().ticket == TicketWatcher.objects.get().ticket == ticket
    page = client_of(acme_owner).get(f"/client/support/{other.pk}/")
    assert page["Location"] == f"/client/support/{ticket.pk}/"


def test_a_merge_is_undone_for_seven_days(ticket, other, manager):
    at = timezone.now()
    services.merge_tickets(ticket=other, into=ticket, actor=manager, at=at)
    other.refresh_from_db()

    with pytest.raises(ValidationError):
        services.undo_merge(ticket=other, actor=manager, at=at + timedelta(days=8))
    services.undo_merge(ticket=other, actor=manager, at=at + timedelta(days=6))

    other.refresh_from_db()
    assert (other.status, other.merged_into) == ("taken", None)
    assert (ticket.messages.count(), other.messages.count()) == (1, 1)


@pytest.mark.parametrize("case", ["itself", "another client", "merged already"])
def test_what_cannot_be_merged_is_left_as_it_was(
    case, ticket, other, rival, rival_owner, manager, make_ticket
):
    theirs = make_ticket(rival, rival_owner)
    pairs = {"itself": (ticket, ticket), "another client": (ticket, theirs)}
    if case == "merged already":
        services.merge_tickets(ticket=other, into=ticket, actor=manager, at=timezone.now())
        other.refresh_from_db()
    one, into = pairs.get(case, (ticket, other))
    before = list(Ticket.objects.order_by("pk").values_list("pk", "status", "merged_into"))

    with pytest.raises(ValidationError):
        services.merge_tickets(ticket=one, into=into, actor=manager, at=timezone.now())

    assert list(Ticket.objects.order_by("pk").values_list("pk", "status", "merged_into")) == before


def test_a_message_becomes_a_request_with_its_files(ticket, acme_owner, manager):
    message = services.answer_as_client(
        ticket=ticket,
        body="Autre chose : le logo.",
        actor=acme_owner,
        at=timezone.now(),
        files=[plain_file("logo.pdf")],
    )

    new = services.split_message(
        ticket=ticket, message=message, subject="Le logo", actor=manager, at=timezone.now()
    )

    assert (new.subject, new.follows, new.opened_by) == ("Le logo", ticket, acme_owner)
    assert new.client_id == ticket.client_id
    assert new.messages.get() == message
    assert TicketAttachment.objects.get().ticket == new
    with pytest.raises(ValidationError):  # nothing would be left of it
        services.split_message(
            ticket=new, message=message, subject="x", actor=manager, at=timezone.now()
        )


# --- Messages from elsewhere --------------------------------------------------------------------


def test_a_mail_of_somebody_without_an_account_opens_a_request_answered_by_mail(acme, manager):
    ticket = services.open_ticket_for(
        client_id=acme.pk,
        author=None,
        name="Awa Koné",
        email="awa@acme.test",
        subject="Le site est lent",
        body="Depuis hier.",
        at=timezone.now(),
    )
    answer(ticket, manager, "Nous regardons.")

    mail = OutgoingMail.objects.get(template="support/answered_by_mail")
    assert (ticket.source, ticket.messages.earliest("pk").author_name) == ("email", "Awa Koné")
    assert mail.recipients == ["awa@acme.test"]
    assert mail.subject == f"Re: Le site est lent [{ticket.number}]"


def test_a_mail_follows_a_merge_and_opens_what_is_over_for_good_anew(
    ticket, other, acme_owner, manager
):
    at = timezone.now()
    services.merge_tickets(ticket=other, into=ticket, actor=manager, at=at)
    other.refresh_from_db()
    words = {"author": acme_owner, "name": "", "email": acme_owner.email, "body": "Alors ?"}

    there = services.add_message_from(ticket=other, at=at, **words)
    services.close_ticket(ticket=ticket, resolution="fixed", actor=manager, at=at, is_final=True)
    later = services.add_message_from(ticket=ticket, at=at, **words)

    assert there.ticket == ticket
    assert later.ticket not in (ticket, other)
    assert later.ticket.follows == ticket


# --- Ready replies, time, articles, opinions ----------------------------------------------------


def test_a_ready_reply_fills_the_blanks_it_knows_only():
    assert filled("Bonjour {client}, {x} {numero}", {"client": "{numero}", "numero": "T-1"}) == (
        "Bonjour {numero}, {x} T-1"
    )
    assert unknown_names("{client} {mot de passe} {0}") == ["{mot de passe}", "{0}"]


def test_a_personal_reply_is_found_by_its_owner_alone(ticket, manager, owner_staff, client_of):
    CannedReply.objects.create(title="À moi", body="Bonjour {client}", owner=manager)
    address = reverse("support_replies", args=[ticket.pk])

    mine = client_of(manager).get(address).content.decode()
    theirs = client_of(owner_staff).get(address).content.decode()

    assert "Bonjour Acme Distribution" in mine
    assert "À moi" not in theirs


def test_time_on_a_project_counts_among_its_time(ticket, project, manager):
    Ticket.objects.filter(pk=ticket.pk).update(project=project)
    ticket.refresh_from_db()

    services.log_time(
        ticket=ticket, minutes=30, on=timezone.localdate(), note="Recherche", actor=manager
    )

    entry = TimeEntry.objects.get()
    assert (entry.project, entry.minutes, TicketTime.objects.get().entry) == (project, 30, entry)


def test_a_low_opinion_becomes_one_task_followed_until_done(ticket, project, manager):
    Ticket.objects.filter(pk=ticket.pk).update(rating=2, rating_comment="Trop long.")
    ticket.refresh_from_db()
    values = {"title": "Répondre plus vite", "assignee": manager, "due_date": None}

    task = open_corrective_task(ticket=ticket, project=project, actor=manager, **values)
    with pytest.raises(ValidationError):
        open_corrective_task(ticket=ticket, project=project, actor=manager, **values)

    assert (task.project, task.is_shared, task.assignee) == (project, False, manager)
    assert Task.objects.count() == 1


def test_an_opinion_by_link_is_written_by_the_button_alone(ticket, manager, client_of):
    services.close_ticket(ticket=ticket, resolution="fixed", actor=manager, at=timezone.now())
    ticket.refresh_from_db()
    address = rate_url(ticket).partition("testserver")[2] or rate_url(ticket)
    address = "/avis/" + address.partition("/avis/")[2]
    browser = client_of()

    looked = browser.get(f"{address}?note=4")
    untouched = Ticket.objects.get(pk=ticket.pk).rating
    sent = browser.post(address, {"rating": 4, "comment": "Merci"})

    assert (looked.status_code, untouched, sent.status_code) == (200, None, 302)
    assert Ticket.objects.get(pk=ticket.pk).rating == 4
    assert browser.get("/avis/faux/").status_code == 404


# --- Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["editor", "acme_owner"])
def test_whoever_is_not_of_the_support_does_nothing_here(person, ticket, request, client_of):
    browser = client_of(request.getfixturevalue(person))
    posts = [
        (page_of(ticket, "escalader"), {"reason": "x"}),
        (page_of(ticket, "resoudre"), {"resolution": "fixed"}),
        (page_of(ticket, "confier"), {"to": ""}),
        (reverse("support_draft", args=[ticket.pk]), {"body": "x"}),
        (reverse("support_join", args=[ticket.pk]), {"article": "1"}),
    ]
    pages = [
        reverse("support_sla"),
        reverse("support_csat"),
        reverse("support_replies", args=[ticket.pk]),
    ]

    codes = {browser.post(*post).status_code for post in posts}
    codes |= {browser.get(page).status_code for page in pages}

    assert codes <= {302, 403, 404}
    with rls.staff("test"):
        kept = Ticket.objects.get(pk=ticket.pk)
        assert (kept.level, kept.status, TicketDraft.objects.count()) == (0, "open", 0)
