"""Reads of tickets for pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, When

from core.access.grants import holders
from core.access.roles import Grant
from core.search import folded, search_text
from portal.support.models import (
    Ticket,
    TicketAttachment,
    TicketEvent,
    TicketMessage,
    TicketReading,
)

Status = Ticket.Status
STATES = {
    "ouvertes": (Status.OPEN, Status.TAKEN, Status.WAITING),
    "attente": (Status.WAITING,),
    "resolues": (Status.SOLVED, Status.CLOSED),
}
MOST_WORDS = 8


def tickets_for(
    user: Any, *, state: str = "", is_mine: bool = False, words: str = ""
) -> QuerySet[Ticket]:
    """Return what a person may see: what waits for them first, then the last to have moved."""
    rows = Ticket.objects.visible_to(user).select_related("project")
    if state in STATES:
        rows = rows.filter(status__in=STATES[state])
    if is_mine:
        rows = rows.filter(opened_by=user)
    sought = search_text(words).split()[:MOST_WORDS]
    if sought:
        rows = rows.alias(folded_subject=folded("subject"))
    for word in sought:
        rows = rows.filter(_holds(word))
    waiting_first = Case(When(status=Status.WAITING, then=0), default=1)
    return _with_last_message(rows, user).order_by(waiting_first, "-updated_at", "-id")


def _holds(word: str) -> Q:
    """Keep tickets that hold a word: their number, their subject, or what the client may read."""
    said = TicketMessage.objects.alias(folded_body=folded("body")).filter(
        ticket=OuterRef("pk"), is_internal=False, folded_body__contains=word
    )
    return Q(number__iendswith=f"-{word}") | Q(folded_subject__contains=word) | Q(Exists(said))


def _with_last_message(rows: QuerySet[Ticket], user: Any) -> QuerySet[Ticket]:
    """Add who wrote last, when, and when the person last read the ticket."""
    said = TicketMessage.objects.filter(ticket=OuterRef("pk"), is_internal=False)
    last = said.order_by("-created_at", "-id")
    return with_reading(rows, user).annotate(
        last_at=Subquery(last.values("created_at")[:1]),
        last_author=Subquery(last.values("author")[:1]),
        last_visitor=Subquery(last.values("visitor")[:1]),
        last_first_name=Subquery(last.values("author__first_name")[:1]),
        last_is_staff=Subquery(last.values("author__is_staff")[:1]),
    )


def with_reading(rows: QuerySet[Ticket], user: Any) -> QuerySet[Ticket]:
    """Add when a person last read each ticket."""
    reading = TicketReading.objects.filter(ticket=OuterRef("pk"), user=user)
    return rows.annotate(read_at=Subquery(reading.values("read_at")[:1]))


def is_unread(ticket: Any, user: Any) -> bool:
    """Tell whether somebody else wrote since a person last read a row of `tickets_for`."""
    if ticket.last_at is None or ticket.last_author == user.pk:
        return False
    return ticket.read_at is None or ticket.read_at < ticket.last_at


def messages_of(ticket: Ticket, user: Any) -> QuerySet[TicketMessage]:
    """Return the messages of a ticket that a person may read, with their files, oldest first."""
    files = TicketAttachment.objects.select_related("file").order_by("pk")
    rows = ticket.messages.visible_to(user).select_related("author")  # type: ignore[attr-defined]
    return rows.prefetch_related(Prefetch("attachments", files)).order_by("created_at", "id")


def thread_of(
    messages: Iterable[TicketMessage], events: Iterable[TicketEvent]
) -> list[TicketMessage | TicketEvent]:
    """Return messages and changes of state as one line of time."""
    hidden = (TicketEvent.Kind.OPENED, TicketEvent.Kind.RESUMED)  # the messages say it
    shown = [event for event in events if event.kind not in hidden]
    return sorted([*messages, *shown], key=_moment_of)


def _moment_of(entry: TicketMessage | TicketEvent) -> tuple[datetime, bool]:
    return entry.created_at, isinstance(entry, TicketEvent)  # a message before what it brought


def people_of(ticket: Ticket) -> QuerySet[Any]:
    """Return whom of the client a ticket concerns: who opened it and who wrote.

    When nobody of them may read it any more, everybody at the client who may write to us.
    """
    may_read = holders(Grant.OPEN_TICKETS, ticket.client_id)
    wrote = ticket.messages.filter(is_internal=False).values("author")  # type: ignore[attr-defined]
    concerned = may_read.filter(Q(pk=ticket.opened_by_id) | Q(pk__in=wrote))
    return concerned if concerned.exists() else may_read


def count_waiting_for_us(*, at: datetime) -> tuple[int, int]:
    """Return how many tickets the team must move, and how many of them are past a promise."""
    rows = Ticket.objects.filter(status__in=(Status.OPEN, Status.TAKEN))
    first = Q(answered_at=None, answer_due_at__lt=at)
    counts = rows.aggregate(
        waiting=Count("pk"), late=Count("pk", filter=first | Q(solution_due_at__lt=at))
    )
    return counts["waiting"], counts["late"]
