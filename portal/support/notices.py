"""Telling both sides of a ticket: its people at the client, and whoever follows it here."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import lazy
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _

from core.notify.announcing import announce
from core.notify.events import declare_event
from core.notify.mail import owe_mail
from core.notify.team import tell_team
from portal.support import desk_notices
from portal.support.addresses import reply_address
from portal.support.models import Ticket, TicketEvent, TicketMessage
from portal.support.promises import answer_promise
from portal.support.queries import people_of
from portal.support.rating_links import rate_url

GROUP = _("Support")
EXCERPT = 600  # characters of a message that a mail to the team shows
OPENED, ANSWERED, REOPENED = "ticket_opened", "ticket_answered", "ticket_reopened"
OF_CLIENT = {
    OPENED: _("{client} ouvre la demande {number} : {subject}"),
    ANSWERED: _("{client} a répondu à la demande {number} : {subject}"),
    REOPENED: _("{client} rouvre la demande {number} : {subject}"),
}
OF_STATE = {
    TicketEvent.Kind.TAKEN: _("Votre demande {number} est prise en charge : {subject}"),
    TicketEvent.Kind.WAITING: _("Votre demande {number} attend votre réponse : {subject}"),
    TicketEvent.Kind.SOLVED: _("Votre demande {number} est résolue : {subject}"),
    TicketEvent.Kind.REOPENED: _("Votre demande {number} est rouverte : {subject}"),
    TicketEvent.Kind.CLOSED: _("Votre demande {number} est fermée : {subject}"),
}


def declare_events() -> None:
    """Say what people may be told of about tickets."""
    grant = "portal_open_tickets"
    declare_event("ticket_answered", label=_("Réponse à une demande"), group=GROUP, grant=grant)
    declare_event("ticket_state", label=_("Avancement d’une demande"), group=GROUP, grant=grant)
    declare_event(
        "ticket_opened", label=_("Demande ouverte par notre équipe"), group=GROUP, grant=grant
    )


def page_of(ticket: Ticket, anchor: str = "") -> str:
    """Return the client's page of a ticket, as a path."""
    return reverse("support:ticket", args=[ticket.pk]) + anchor


def acknowledge(ticket: Ticket, message: TicketMessage) -> None:
    """Owe the author of a new ticket its number, what happens next and the promised delay."""
    author: Any = message.author
    if author is None:
        mail_sender(ticket, message, "support/received_by_mail")
        return
    with translation.override(author.language):
        owe_mail(
            "support/received",
            key=f"ticket-received:{ticket.pk}",
            to=[author.email],
            client_id=ticket.client_id,
            context={
                **_facts(ticket),
                "body": message.body,
                "promise": answer_promise(ticket),
                "url": settings.BASE_URL + page_of(ticket),
            },
            reply_to=reply_address(ticket),
        )


def tell_people_of_answer(ticket: Ticket, message: TicketMessage) -> None:
    """Tell the people of a ticket, but its author, of a message."""
    announce(
        "ticket_answered",
        client_id=ticket.client_id,
        to=people_of(ticket),
        text=format_lazy(
            _("{author} a répondu à votre demande {number}"),
            author=str(message.author),
            number=ticket.number,
        ),
        detail=message.body,
        url=page_of(ticket, f"#message-{message.pk}"),
        key=str(message.pk),
        actor=message.author,
        mail="support/answered",
        context={
            **_facts(ticket),
            "is_waiting": ticket.status == Ticket.Status.WAITING,
            "is_over": ticket.is_over,
            "rate_url": rate_url(ticket),
        },
        reply_to=reply_address(ticket),
    )
    if message.author is not None and message.author.is_staff:
        mail_sender(ticket, message, "support/answered_by_mail")
        text = _about(_("Réponse de notre équipe sur la demande {number} : {subject}"), ticket)
        desk_notices.tell_watchers_of_message(ticket, message, text)


def mail_sender(ticket: Ticket, message: TicketMessage, template: str) -> None:
    """Owe the person without an account who wrote a ticket a mail of what is said on it."""
    if not ticket.contact_email:
        return
    owe_mail(
        template,
        key=f"{template}:{message.pk}",
        to=[ticket.contact_email],
        client_id=ticket.client_id,
        context={
            **_facts(ticket),
            "name": ticket.contact_name,
            "author": message.author_name,
            "body": message.body,
            "promise": answer_promise(ticket),
            "is_over": ticket.is_over,
            "rate_url": rate_url(ticket),
        },
        reply_to=reply_address(ticket),
    )


def tell_people_of_state(ticket: Ticket, event: TicketEvent | None) -> None:
    """Tell the people of a ticket, but who did it, that its state changed without a message."""
    if event is None or event.kind not in OF_STATE:
        return
    anchor = "#avis" if ticket.is_over else "#suivi"
    announce(
        "ticket_state",
        client_id=ticket.client_id,
        to=people_of(ticket),
        text=_about(OF_STATE[TicketEvent.Kind(event.kind)], ticket),
        url=page_of(ticket, anchor),
        key=str(event.pk),
        actor=event.actor,
        mail="support/state",
        context={**_facts(ticket), "is_over": ticket.is_over, "rate_url": rate_url(ticket)},
        reply_to=reply_address(ticket),
    )


def tell_people_of_merge(ticket: Ticket, into: Ticket, actor: Any) -> None:
    """Tell the people of a ticket that it goes on in another, and where."""
    announce(
        "ticket_state",
        client_id=ticket.client_id,
        to=people_of(into),
        text=_about(
            _("Votre demande {number} est réunie à la demande {other} : tout continue là-bas."),
            ticket,
            other=into.number,
        ),
        url=page_of(into),
        key=f"merged:{ticket.pk}:{into.pk}",
        actor=actor,
        mail="support/state",
        context={**_facts(into), "is_over": False},
        reply_to=reply_address(into),
    )


def tell_people_of_opening(ticket: Ticket) -> None:
    """Tell the client of a ticket that the team opened for them."""
    announce(
        "ticket_opened",
        client_id=ticket.client_id,
        to=people_of(ticket),
        text=_about(_("Nous avons ouvert la demande {number} pour vous : {subject}"), ticket),
        detail=lazy(answer_promise, str)(ticket),
        url=page_of(ticket),
        key=str(ticket.pk),
        mail="support/state",
        context=_facts(ticket),
        reply_to=reply_address(ticket),
    )


def tell_team_of_message(ticket: Ticket, message: TicketMessage, what: str) -> None:
    """Tell whoever follows a ticket of a client's message."""
    detail = Truncator(f"{message.author_name} : {message.body}").chars(EXCERPT)
    text = _about(OF_CLIENT[what], ticket)
    _tell_team(what, ticket, text, key=str(message.pk), detail=detail)
    desk_notices.tell_watchers_of_message(ticket, message, text)


def tell_team_of_solving(ticket: Ticket, event: TicketEvent | None) -> None:
    """Tell whoever follows a ticket that the client says it is solved."""
    if event is not None:
        text = _about(_("{client} dit que la demande {number} est résolue : {subject}"), ticket)
        _tell_team("ticket_solved", ticket, text, key=str(event.pk))


def tell_team_of_low_rating(ticket: Ticket) -> None:
    """Tell whoever follows a ticket that the client was not satisfied."""
    text = _("{client} donne {rating} sur 5 à la demande {number} : {subject}")
    text = _about(text, ticket, rating=ticket.rating)
    key = f"{ticket.pk}:{ticket.rated_at:%Y%m%d%H%M%S}:{ticket.rating}"
    _tell_team("ticket_low_rating", ticket, text, key=key, detail=ticket.rating_comment)


def _tell_team(event: str, ticket: Ticket, text: Any, *, key: str, detail: str = "") -> None:
    follower = ticket.assignee
    tell_team(
        event,
        client_id=ticket.client_id,
        text=text,
        detail=detail,
        url=desk_notices.team_page_of(ticket),
        key=key,
        to=[follower.email] if follower is not None and follower.is_active else None,
    )


def _about(text: Any, ticket: Ticket, **more: Any) -> Any:
    """Fill a sentence with what a ticket is; lazy, so that each reads it in their language."""
    facts = {"client": ticket.client.name, "number": ticket.number, "subject": ticket.subject}
    return format_lazy(text, **facts, **more)


def _facts(ticket: Ticket) -> dict[str, str]:
    project = ticket.project
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "project": project.title if project is not None else "",
    }
