"""Telling the team, person by person, of what happens on its tickets."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.notify.mail import owe_mail
from core.notify.team import tell_staff
from portal.support.models import Ticket, TicketEvent, TicketMessage

ANSWER, SOLUTION = _("première réponse"), _("résolution")
MOST_DETAIL = 300


def team_page_of(ticket: Ticket) -> str:
    """Return the team's page of a ticket, as a path."""
    return reverse("wagtailsnippets_support_ticket:inspect", args=[ticket.pk])


def followers_of(ticket: Ticket) -> list[Any]:
    """Return whom of the team a ticket concerns: its assignee, and who watches it."""
    rows = ticket.watchers.select_related("user")  # type: ignore[attr-defined]
    people = [ticket.assignee, *(row.user for row in rows)]
    return list({one.pk: one for one in people if one is not None}.values())


def owners_of(ticket: Ticket) -> list[Any]:
    """Return who answers for a ticket: the lead of our company, else who owns the back-office."""
    lead = ticket.client.company.lead
    if lead is not None and lead.is_active:
        return [lead]
    return list(get_user_model().objects.filter(is_superuser=True, is_active=True))


def _say(event: str, ticket: Ticket, to: Iterable[Any], text: Any, **options: Any) -> None:
    """Tell people of a ticket, in a sentence with its number, subject and client."""
    facts = {"number": ticket.number, "subject": ticket.subject, "client": ticket.client.name}
    tell_staff(
        event,
        to=to,
        text=format_lazy(text, **facts, **options.pop("facts", {})),
        url=team_page_of(ticket) + options.pop("anchor", ""),
        client_id=ticket.client_id,
        **options,
    )


def tell_assigned(ticket: Ticket, event: TicketEvent, actor: Any) -> None:
    """Tell a person that a ticket is now theirs."""
    text = _("La demande {number} vous est confiée : {subject} ({client})")
    _say("ticket_assigned", ticket, [ticket.assignee], text, key=str(event.pk), actor=actor)


def tell_mentioned(ticket: Ticket, message: TicketMessage, people: Iterable[Any]) -> None:
    """Tell people that a note of the team names them."""
    text = _("{author} vous cite sur la demande {number} : {subject}")
    _say(
        "ticket_mentioned",
        ticket,
        people,
        text,
        facts={"author": message.author_name},
        detail=message.body,
        key=str(message.pk),
        actor=message.author,
        anchor=f"#message-{message.pk}",
    )


def tell_watchers_of_message(ticket: Ticket, message: TicketMessage, text: Any) -> None:
    """Tell who watches a ticket, besides its assignee, that something was written."""
    people = [one for one in followers_of(ticket) if one.pk != ticket.assignee_id]
    _say(
        "ticket_watched",
        ticket,
        people,
        text,
        detail=Truncator(message.body).chars(MOST_DETAIL),
        key=str(message.pk),
        actor=message.author,
        mails=False,
    )


def level_said(ticket: Ticket, reason: str) -> str:
    """Write a level and its reason, for the history of a ticket."""
    said = _text("niveau %(level)s") % {"level": ticket.level}
    return (f"{said} : {reason}" if reason else said)[:MOST_DETAIL]


def tell_of_escalation(ticket: Ticket, event: TicketEvent, reason: str, actor: Any) -> None:
    """Tell whoever answers for a ticket, and who follows it, that it was escalated."""
    text = _("Escalade de niveau {level} : demande {number} de {client}, {subject}")
    _say(
        "ticket_escalated",
        ticket,
        [*owners_of(ticket), *followers_of(ticket)],
        text,
        facts={"level": ticket.level},
        detail=reason,
        key=str(event.pk),
        actor=actor,
    )


def tell_of_breach(ticket: Ticket, event: TicketEvent) -> None:
    """Tell who follows a ticket, else who answers for it, that a promise has passed."""
    text = _("Délai dépassé ({what}) : demande {number} de {client}, {subject}")
    people = followers_of(ticket) or owners_of(ticket)
    _say("ticket_late", ticket, people, text, facts={"what": event.detail}, key=str(event.pk))


def warn_of_delay(ticket: Ticket, *, is_answer: bool) -> None:
    """Owe who follows a ticket a mail before a promise passes; nobody follows: who answers for it.

    Told once for each promise.
    """
    due = ticket.answer_due_at if is_answer else ticket.solution_due_at
    for person in followers_of(ticket) or owners_of(ticket):
        owe_mail(
            "support/delay",
            key=f"sla:{ticket.pk}:{'answer' if is_answer else 'solution'}:{due}:{person.pk}",
            to=[person.email],
            context={
                "number": ticket.number,
                "subject": ticket.subject,
                "client": ticket.client.name,
                "due_at": due,
                "path": team_page_of(ticket),
            },
            client_id=ticket.client_id,
        )
