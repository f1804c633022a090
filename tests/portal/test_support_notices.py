"""Who is told of what on a ticket, with a link to the very page; and who is not."""

from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from core import rls
from core.notify.models import Notification, OutgoingMail
from portal.support import services
from portal.support.models import BusinessCalendar, SlaPolicy, Ticket

FRIDAY_16H = timezone.make_aware(datetime(2026, 11, 20, 16))


def mails(template=""):
    """Return who was written to, under which subject, newest last."""
    rows = OutgoingMail.objects.order_by("pk")
    rows = rows.filter(template=template) if template else rows
    return [(row.recipients, row.subject) for row in rows]


def last_mail(template):
    return OutgoingMail.objects.filter(template=template).latest("pk")


def forget_mails():
    OutgoingMail.objects.all().delete()


@pytest.fixture
def sla(db):
    calendar = BusinessCalendar.objects.create(name="Semaine")
    with rls.staff("test world"):
        return SlaPolicy.objects.create(name="Maintenance", calendar=calendar)


@pytest.fixture
def ticket(acme, acme_owner, manager, make_ticket, team):
    """A ticket that a manager follows, with its first mails forgotten."""
    row = make_ticket(acme, acme_owner, assignee=manager)
    forget_mails()
    return row


def page_of(ticket):
    return f"http://testserver/client/support/{ticket.pk}/"


def desk_of(ticket):
    return "http://testserver" + reverse("wagtailsnippets_support_ticket:inspect", args=[ticket.pk])


def test_a_new_request_is_acknowledged_with_its_number_and_its_promise(
    acme, acme_owner, project, sla, team
):
    ticket = services.open_ticket(
        client_id=acme.pk,
        project=project,
        subject="Panne <b>",
        body="Rien ne marche.",
        priority=2,
        actor=acme_owner,
        at=FRIDAY_16H,
    )

    mail = last_mail("support/received")
    assert (mail.recipients, mail.subject) == (
        ["awa@acme.test"],
        "Demande T-1 bien reçue : Panne <b>",
    )
    for words in (
        "au plus tard lundi 23 novembre, 10\u00a0h.",
        "Boutique en ligne",
        "Rien ne marche.",
    ):
        assert words in mail.text
        assert words in mail.html
    assert page_of(ticket) in mail.text
    assert "Panne &lt;b&gt;" in mail.html
    assert "Panne <b>" not in mail.html


def test_a_new_request_is_told_to_whoever_follows_the_client(acme, acme_owner, manager, team):
    acme.lead = manager
    acme.save()

    ticket = services.open_ticket(
        client_id=acme.pk,
        project=None,
        subject="Panne",
        body="Rien ne marche.",
        priority=2,
        actor=acme_owner,
        at=timezone.now(),
    )

    mail = last_mail("notify/team")
    assert mail.recipients == ["gestion@nourx.test"]
    assert mail.subject == "Acme Distribution ouvre la demande T-1 : Panne"
    assert desk_of(ticket) in mail.text
    assert "Awa Koné : Rien ne marche." in mail.text


def test_an_answer_of_the_team_is_told_to_who_opened_with_a_link_to_it(ticket, acme_owner, manager):
    message = services.answer_as_team(
        ticket=ticket,
        body="Quel tarif ?",
        is_internal=False,
        status="waiting",
        actor=manager,
        at=timezone.now(),
    )

    [(recipients, subject)] = mails()
    mail = last_mail("support/answered")
    assert recipients == ["awa@acme.test"]
    assert subject == "[T-1] Awa Koné a répondu à votre demande T-1 : Frais de livraison"
    assert f"{page_of(ticket)}#message-{message.pk}" in mail.text
    assert "Quel tarif ?" in mail.html
    assert "Nous attendons votre réponse" in mail.html
    notice = Notification.objects.get()
    assert (notice.user, notice.event) == (acme_owner, "ticket_answered")
    assert notice.url == f"/client/support/{ticket.pk}/#message-{message.pk}"


def test_a_note_is_told_to_nobody(ticket, manager):
    services.answer_as_team(
        ticket=ticket,
        body="Client pénible.",
        is_internal=True,
        status="taken",
        actor=manager,
        at=timezone.now(),
    )

    assert mails() == []
    assert not Notification.objects.exists()


def test_a_clients_answer_is_told_to_the_follower_and_to_who_took_part(ticket, acme, make_member):
    colleague = make_member(acme, "project", email="issa@acme.test", first_name="Issa")

    services.answer_as_client(
        ticket=ticket, body="1 500 francs.", actor=colleague, at=timezone.now()
    )

    assert mails() == [
        (["awa@acme.test"], "[T-1] Issa Koné a répondu à votre demande T-1 : Frais de livraison"),
        (
            ["gestion@nourx.test"],
            "Acme Distribution a répondu à la demande T-1 : Frais de livraison",
        ),
    ]


def test_solving_and_opening_again_are_told_to_the_team(ticket, acme_owner):
    services.mark_solved(ticket=ticket, actor=acme_owner, at=timezone.now())
    services.answer_as_client(ticket=ticket, body="Encore là.", actor=acme_owner, at=timezone.now())

    assert mails() == [
        (
            ["gestion@nourx.test"],
            "Acme Distribution dit que la demande T-1 est résolue : Frais de livraison",
        ),
        (["gestion@nourx.test"], "Acme Distribution rouvre la demande T-1 : Frais de livraison"),
    ]


@pytest.mark.parametrize(
    ("status", "subject"),
    [
        ("taken", "Votre demande T-1 est prise en charge : Frais de livraison"),
        ("waiting", "Votre demande T-1 attend votre réponse : Frais de livraison"),
        ("solved", "Votre demande T-1 est résolue : Frais de livraison"),
        ("closed", "Votre demande T-1 est fermée : Frais de livraison"),
    ],
)
def test_a_change_of_state_in_the_admin_is_told_to_the_client(status, subject, ticket, manager):
    ticket.status = status
    ticket.save()

    services.note_ticket(ticket=ticket, actor=manager, is_new=False, at=timezone.now())
    services.note_ticket(ticket=ticket, actor=manager, is_new=False, at=timezone.now())

    assert mails() == [(["awa@acme.test"], subject)]


def test_a_ticket_of_the_team_is_promised_numbered_and_told(acme, acme_owner, manager, sla, team):
    ticket = Ticket.objects.create(client=acme, subject="Mise à jour à prévoir")

    services.note_ticket(ticket=ticket, actor=manager, is_new=True, at=FRIDAY_16H)

    ticket.refresh_from_db()
    assert (ticket.number, ticket.sla, ticket.answer_due_at is not None) == ("T-1", sla, True)
    assert mails() == [
        (
            ["awa@acme.test"],
            "Nous avons ouvert la demande T-1 pour vous : Mise à jour à prévoir",
        )
    ]


@pytest.mark.parametrize(("rating", "told"), [(1, True), (2, True), (3, False), (5, False)])
def test_a_low_note_is_told_to_the_team(rating, told, ticket, acme_owner):
    services.mark_solved(ticket=ticket, actor=acme_owner, at=timezone.now())
    forget_mails()

    services.rate_ticket(
        ticket=ticket, rating=rating, comment="Trop lent.", actor=acme_owner, at=timezone.now()
    )

    subject = f"Acme Distribution donne {rating} sur 5 à la demande T-1 : Frais de livraison"
    assert mails() == ([(["gestion@nourx.test"], subject)] if told else [])
    assert not told or "Trop lent." in last_mail("notify/team").text


def test_a_month_old_ticket_closes_without_a_word(ticket, acme_owner):
    with rls.staff("test"):
        Ticket.objects.filter(pk=ticket.pk).update(status="solved", solved_at=FRIDAY_16H)

    services.close_solved_tickets(at=FRIDAY_16H.replace(year=2027))

    assert mails() == []


def test_somebody_who_left_is_told_nothing_more(ticket, acme, acme_owner, manager, make_member):
    newcomer = make_member(acme, "owner", email="issa@acme.test")
    acme_owner.is_active = False
    acme_owner.save()

    services.answer_as_team(
        ticket=ticket,
        body="Vu.",
        is_internal=False,
        status="waiting",
        actor=manager,
        at=timezone.now(),
    )

    assert [recipients for recipients, _ in mails()] == [[newcomer.email]]
