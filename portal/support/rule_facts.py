"""What rules of the team may watch of tickets."""

from collections.abc import Iterator
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.access.roles import Grant
from core.hooks.rules import CHOICE, MOST_FACTS, Fact, FactField, RuleEvent
from core.notify.rules.audiences import ASSIGNEE, LEAD
from portal.support.models import Ticket

OF_TICKET = {
    "numero": FactField(_("numéro"), example="T-118"),
    "objet": FactField(_("sujet"), example="Le formulaire ne part plus"),
    "client": FactField(_("client"), example="Acme Distribution"),
    "priorite": FactField(_("priorité"), CHOICE, Ticket.Priority.choices),
    "nature": FactField(_("type"), CHOICE, Ticket.Kind.choices),
    "etat": FactField(_("état"), CHOICE, Ticket.Status.choices),
}
NAMES = (
    "pk", "number", "subject", "priority", "kind", "status", "project_id", "assignee_id",
    "created_at", "answered_at", "solved_at", "closed_at", "rated_at", "updated_at", "client_id",
    "client__name", "client__lead_id",
)  # fmt: skip


def unanswered_tickets(since: date, until: date) -> Iterator[Fact]:
    """Find the tickets opened between two days; our first answer ends it."""
    for ticket in _rows("created_at", since, until):
        ended = ticket.answered_at or ticket.solved_at
        yield _fact(ticket, ticket.created_at, "ticket-unanswered", ended)


def waiting_tickets(since: date, until: date) -> Iterator[Fact]:
    """Find the tickets that wait for their client since a day between two."""
    for ticket in _rows("updated_at", since, until, status=Ticket.Status.WAITING):
        day = _day(ticket.updated_at)
        yield _fact(ticket, ticket.updated_at, f"ticket-waiting-{day}", None)


def solved_tickets(since: date, until: date) -> Iterator[Fact]:
    """Find the tickets solved between two days; a mark of the client ends it."""
    for ticket in _rows("solved_at", since, until):
        yield _fact(ticket, ticket.solved_at or ticket.updated_at, "ticket-solved", ticket.rated_at)


def _rows(name: str, since: date, until: date, **more: str) -> Iterator[Ticket]:
    rows = Ticket.objects.filter(**{f"{name}__date__range": (since, until)}, **more)
    found = rows.select_related("client").only(*NAMES).order_by("pk")[:MOST_FACTS]
    yield from found


def _fact(ticket: Ticket, at: datetime, key: str, ended: datetime | None) -> Fact:
    return Fact(
        key=f"{key}:{ticket.pk}",
        on=_day(at),
        title=f"{ticket.number} · {ticket.subject}",
        values={
            "numero": ticket.number,
            "objet": ticket.subject,
            "client": ticket.client.name,
            "priorite": ticket.priority,
            "nature": ticket.kind,
            "etat": ticket.status,
        },
        url=reverse("wagtailsnippets_support_ticket:inspect", args=[ticket.pk]),
        client_url=reverse("support:ticket", args=[ticket.pk]),
        client_id=ticket.client_id,
        client_name=ticket.client.name,
        project_id=ticket.project_id,
        assignee_id=ticket.assignee_id,
        lead_id=ticket.client.lead_id,
        ended_on=_day(ended) if ended else None,
    )


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


@hooks.register("nourx_rule_events")
def events_of_tickets() -> list[RuleEvent]:
    shared = {
        "group": _("Support"),
        "fields": OF_TICKET,
        "grant": Grant.OPEN_TICKETS,
        "right": "support.view_ticket",
        "audiences": frozenset({ASSIGNEE, LEAD}),
    }
    return [
        RuleEvent(
            "ticket_unanswered",
            label=_("Ticket sans réponse de notre part"),
            sentence=_("La demande {{ numero }} de {{ client }} attend une réponse : {{ objet }}."),
            find=unanswered_tickets,
            day_label=_("son ouverture"),
            **shared,
        ),
        RuleEvent(
            "ticket_waiting",
            label=_("Ticket qui attend le client"),
            sentence=_("Votre demande {{ numero }} attend votre réponse : {{ objet }}."),
            find=waiting_tickets,
            day_label=_("notre dernière réponse"),
            **shared,
        ),
        RuleEvent(
            "ticket_solved",
            label=_("Ticket résolu, pas encore noté"),
            sentence=_("Votre demande {{ numero }} est résolue : dites-nous comment c’était."),
            find=solved_tickets,
            day_label=_("sa résolution"),
            **shared,
        ),
    ]
