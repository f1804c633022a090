"""What the team does at its desk: assigns, sorts, closes, watches, notes its time and drafts."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.audit.log import record
from core.live.publishing import tell
from portal.knowledge.models import Article
from portal.projects.models import TimeEntry
from portal.support import desk_notices, notices
from portal.support.delays import promise_anew
from portal.support.models import (
    CannedReply,
    Ticket,
    TicketArticle,
    TicketDraft,
    TicketTime,
    TicketWatcher,
)
from portal.support.services.steps import Kind, Status, locked, move, note_event, write_message


class CannotClose(Exception):
    """The ticket is closed already."""


@transaction.atomic
def assign_ticket(*, ticket: Ticket, to: Any, actor: Any, at: datetime) -> Ticket:
    """Give a ticket to somebody of the team, who is told; to nobody with None.

    :raises ValidationError: if the person is not of the team, or has left it.
    """
    if to is not None and not (to.is_staff and to.is_active):
        raise ValidationError(_("Cette personne n’est pas de l’équipe."))
    ticket = locked(ticket)
    if ticket.assignee_id == (to.pk if to is not None else None):
        return ticket
    before = str(ticket.assignee or "")
    ticket.assignee = to
    ticket.save()
    event = note_event(
        ticket, Kind.ASSIGNED, actor, at, is_internal=True, detail=str(to or _("personne"))
    )
    if to is not None:
        desk_notices.tell_assigned(ticket, event, actor)
    record("ticket_assigned", ticket, actor=actor, changes={"assignee": [before, str(to or "")]})
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)
    return ticket


@transaction.atomic
def set_priority(*, ticket: Ticket, priority: int, actor: Any, at: datetime) -> Ticket:
    """Change how pressing a ticket is; its promises follow the policy that now fits it."""
    ticket = locked(ticket)
    if ticket.priority == priority:
        return ticket
    before, ticket.priority = ticket.priority, priority
    if not ticket.is_over:
        promise_anew(ticket, at=at)
    ticket.save()
    detail = Ticket.Priority(priority).label
    note_event(ticket, Kind.PRIORITY, actor, at, is_internal=True, detail=str(detail))
    record("ticket_sorted", ticket, actor=actor, changes={"priority": [before, priority]})
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)
    return ticket


@transaction.atomic
def close_ticket(
    *,
    ticket: Ticket,
    resolution: str,
    actor: Any,
    at: datetime,
    body: str = "",
    is_final: bool = False,
) -> Ticket:
    """Solve a ticket, saying how it ended, with a last word to the client or none.

    Its client is asked how it went, and may open it again for thirty days; `is_final` closes it
    for good.

    :raises CannotClose: if it is closed already, or solved and not to be closed for good.
    """
    ticket = locked(ticket)
    wanted = Status.CLOSED if is_final else Status.SOLVED
    if ticket.status in (Status.CLOSED, wanted):
        raise CannotClose(ticket.number)
    before = ticket.status
    if body.strip():
        write_message(ticket, body, (), actor=actor, at=at)
        ticket.answered_at = ticket.answered_at or at
    ticket.assignee = ticket.assignee or actor
    event = move(ticket, wanted, actor, at)
    ticket.resolution = resolution
    ticket.save()
    changes = {"status": [before, wanted], "resolution": ["", resolution]}
    record("ticket_closed_by_team", ticket, actor=actor, changes=changes)
    if body.strip():
        notices.tell_people_of_answer(ticket, ticket.messages.latest("pk"))  # type: ignore[attr-defined]
    else:
        notices.tell_people_of_state(ticket, event)
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)
    return ticket


@transaction.atomic
def watch_ticket(*, ticket: Ticket, people: Iterable[Any], actor: Any) -> None:
    """Have these people, and no others, told of what happens on a ticket."""
    wanted = {one.pk: one for one in people}
    before = TicketWatcher.objects.filter(ticket=ticket)
    before.exclude(user__in=wanted).delete()
    known = set(before.values_list("user", flat=True))
    for key, person in wanted.items():
        if key not in known:
            TicketWatcher.objects.create(ticket=ticket, user=person)
    names = sorted(str(person) for person in wanted.values())
    record("ticket_watched", ticket, actor=actor, people=names)


@transaction.atomic
def log_time(*, ticket: Ticket, minutes: int, on: date, note: str, actor: Any) -> TicketTime:
    """Note time spent on a ticket; on a project, it counts among the project's time as well.

    :raises ValidationError: if the time is not between one minute and a day.
    """
    row = TicketTime(ticket=ticket, user=actor, minutes=minutes, spent_on=on, note=note)
    row.clean_fields(exclude=["client", "ticket", "user", "entry"])
    if ticket.project is not None:
        row.entry = TimeEntry.objects.create(
            project=ticket.project,
            user=actor,
            spent_on=on,
            minutes=minutes,
            note=f"{ticket.number} · {note or ticket.subject}"[:300],
        )
    row.save()
    record("ticket_time", ticket, actor=actor, minutes=minutes)
    return row


def keep_draft(*, ticket: Ticket, body: str, is_internal: bool, actor: Any, at: datetime) -> None:
    """Keep what somebody is writing on a ticket; nothing written forgets it."""
    if not body.strip():
        TicketDraft.objects.filter(ticket=ticket, user=actor).delete()
        return
    values = {"body": body, "is_internal": is_internal, "touched_at": at}
    TicketDraft.objects.update_or_create(ticket=ticket, user=actor, defaults=values)


@transaction.atomic
def link_article(*, ticket: Ticket, article: Article, actor: Any) -> None:
    """Join an article of the knowledge base to a ticket, for the team."""
    _row, is_new = TicketArticle.objects.get_or_create(
        ticket=ticket, article=article, defaults={"client_id": ticket.client_id}
    )
    if is_new:
        record("ticket_article", ticket, actor=actor, article=article.title)


@transaction.atomic
def unlink_article(*, ticket: Ticket, article_id: int, actor: Any) -> None:
    """Take an article off a ticket."""
    if TicketArticle.objects.filter(ticket=ticket, article=article_id).delete()[0]:
        record("ticket_article_off", ticket, actor=actor, article=article_id)


def count_use(reply: CannedReply) -> None:
    """Count that a ready reply was inserted: the most used come first."""
    CannedReply.objects.filter(pk=reply.pk).update(used=F("used") + 1)
