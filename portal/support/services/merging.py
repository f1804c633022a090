"""Two requests that are one, and one that is two.

Merging moves messages, files, time and watchers to the other request of the same client; each
message keeps where it came from, so that it can be undone for seven days. Splitting moves a
message and its files to a new request that follows the old one.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.log import record
from core.live.publishing import tell
from portal.support import notices
from portal.support.delays import promise
from portal.support.models import (
    Ticket,
    TicketAttachment,
    TicketMessage,
    TicketTime,
    TicketWatcher,
)
from portal.support.services.steps import Kind, Status, locked, move, next_number, note_event

UNDONE_WITHIN = timedelta(days=7)


def final_ticket(ticket: Ticket) -> Ticket:
    """Return the request into which another was merged, at the end of the chain; else itself."""
    while ticket.merged_into_id is not None:
        ticket = ticket.merged_into  # type: ignore[assignment]
    return ticket


@transaction.atomic
def merge_tickets(*, ticket: Ticket, into: Ticket, actor: Any, at: datetime) -> Ticket:
    """Move what a request holds to another of the same client, and close it. Return the other.

    :raises ValidationError: if both are one, of two clients, or merged already.
    """
    ticket, into = _both(ticket, into)
    if ticket.pk == into.pk:
        raise ValidationError(_("Une demande ne se réunit pas à elle-même."))
    if ticket.client_id != into.client_id:
        raise ValidationError(_("Ces deux demandes ne sont pas du même client."))
    if ticket.merged_into_id is not None or into.merged_into_id is not None:
        raise ValidationError(_("L’une des deux est déjà réunie à une autre."))
    if into.status == Status.CLOSED:
        raise ValidationError(_("La demande %(number)s est fermée.") % {"number": into.number})
    _move_all(ticket, into)
    _close_as_merged(ticket, into, actor, at)
    note_event(into, Kind.MERGED, actor, at, detail=ticket.number, is_internal=True)
    into.answered_at = min(filter(None, (into.answered_at, ticket.answered_at)), default=None)
    into.save()
    record("ticket_merged", ticket, actor=actor, into=into.number)
    record("ticket_merged", into, actor=actor, source=ticket.number)
    notices.tell_people_of_merge(ticket, into, actor)
    for one in (ticket, into):
        tell("tickets", client_id=one.client_id, row=one.pk)
    return into


def _both(ticket: Ticket, other: Ticket) -> tuple[Ticket, Ticket]:
    """Hold two tickets, always in the same order, so that two merges never wait for each other."""
    held = {}
    for key in sorted({ticket.pk, other.pk}):
        held[key] = Ticket.objects.select_for_update().get(pk=key)
    return held[ticket.pk], held[other.pk]


def _move_all(ticket: Ticket, into: Ticket) -> None:
    mine = TicketMessage.objects.filter(ticket=ticket)
    mine.filter(moved_from=None).update(moved_from=ticket)
    mine.update(ticket=into)
    TicketAttachment.objects.filter(ticket=ticket).update(ticket=into)
    TicketTime.objects.filter(ticket=ticket).update(ticket=into)
    known = TicketWatcher.objects.filter(ticket=into).values("user")
    TicketWatcher.objects.filter(ticket=ticket).exclude(user__in=known).update(ticket=into)


def _close_as_merged(ticket: Ticket, into: Ticket, actor: Any, at: datetime) -> None:
    move(ticket, Status.CLOSED, actor, at)
    ticket.merged_into, ticket.merged_at = into, at
    ticket.resolution = Ticket.Resolution.DUPLICATE
    ticket.save()
    note_event(ticket, Kind.MERGED, actor, at, detail=into.number)


@transaction.atomic
def undo_merge(*, ticket: Ticket, actor: Any, at: datetime) -> Ticket:
    """Give a request back the messages and files that it held before it was merged, and open it.

    Time and watchers stay where they are.

    :raises ValidationError: if it is not merged, or was more than seven days ago.
    """
    into = ticket.merged_into
    if into is None:
        raise ValidationError(_("Cette demande n’est réunie à aucune autre."))
    ticket, into = _both(ticket, into)
    if ticket.merged_at is None or at - ticket.merged_at > UNDONE_WITHIN:
        raise ValidationError(_("Plus de sept jours ont passé : les deux demandes restent une."))
    back = TicketMessage.objects.filter(ticket=into, moved_from=ticket)
    TicketAttachment.objects.filter(message__in=back.values("pk")).update(ticket=ticket)
    back.update(ticket=ticket, moved_from=None)
    ticket.merged_into = ticket.merged_at = None
    move(ticket, Status.TAKEN, actor, at)
    ticket.save()
    note_event(ticket, Kind.UNMERGED, actor, at, detail=into.number, is_internal=True)
    note_event(into, Kind.UNMERGED, actor, at, detail=ticket.number, is_internal=True)
    record("ticket_unmerged", ticket, actor=actor, into=into.number)
    for one in (ticket, into):
        tell("tickets", client_id=one.client_id, row=one.pk)
    return ticket


@transaction.atomic
def split_message(
    *, ticket: Ticket, message: TicketMessage, subject: str, actor: Any, at: datetime
) -> Ticket:
    """Make a new request of one message of another, with its files; its people are told.

    :raises ValidationError: if it is a note, or the only message that the client may read.
    """
    ticket = locked(ticket)
    shown = TicketMessage.objects.filter(ticket=ticket, is_internal=False)
    if message.is_internal or not shown.filter(pk=message.pk).exists():
        raise ValidationError(_("Ce message n’est pas à séparer de cette demande."))
    if shown.count() == 1:
        raise ValidationError(_("C’est le seul message : il n’y aurait plus de demande."))
    new = Ticket(
        client_id=ticket.client_id,
        project_id=ticket.project_id,
        follows=ticket,
        kind=ticket.kind,
        priority=ticket.priority,
        subject=subject,
        source=message.source,
        contact_name=ticket.contact_name,
        contact_email=ticket.contact_email,
        assignee=ticket.assignee,
        opened_by=ticket.opened_by if _is_team(message) else message.author,
        number=f"T-{next_number()}",
    )
    promise(new, at=at)
    new.save()
    note_event(new, Kind.OPENED, actor, at)
    TicketMessage.objects.filter(pk=message.pk).update(ticket=new, moved_from=ticket)
    TicketAttachment.objects.filter(message=message).update(ticket=new)
    ticket.save()
    note_event(ticket, Kind.SPLIT, actor, at, detail=new.number)
    record("ticket_split", ticket, actor=actor, new=new.number)
    notices.tell_people_of_opening(new)
    for one in (ticket, new):
        tell("tickets", client_id=one.client_id, row=one.pk)
    return new


def _is_team(message: TicketMessage) -> bool:
    return message.author is None or message.author.is_staff
