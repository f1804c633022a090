"""Messages that reach us from elsewhere than the portal, such as e-mail: the ways in for others.

    ticket = open_ticket_for(client_id=5, author=user or None, name="Awa Koné",
                             email="awa@acme.test", subject=…, body=…, at=…, source="email")
    message = add_message_from(ticket=ticket, author=None, name=…, email=…, body=…, at=…)

Both run in the transaction of the caller, in the team's scope: whoever calls has found out whose
words these are. `author` is the account of the person, or None for somebody without one, who is
then answered at `email`. `message.ticket` is where the words went: a request that was merged leads
to the other, and one that can no longer be opened again to a new one that follows it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from core.audit.log import record
from core.files.uploads import Attachment
from core.live.publishing import tell
from portal.projects.models import Project
from portal.support import notices
from portal.support.delays import promise, promise_solution_again
from portal.support.models import Ticket, TicketMessage
from portal.support.services.merging import final_ticket
from portal.support.services.steps import (
    Kind,
    Status,
    locked,
    move,
    next_number,
    note_event,
    write_message,
)

LONGEST_SUBJECT, LONGEST_NAME = 200, 100


@transaction.atomic
def open_ticket_for(
    *,
    client_id: int,
    author: Any,
    name: str,
    email: str,
    subject: str,
    body: str,
    at: datetime,
    source: str = Ticket.Source.EMAIL,
    files: Iterable[Attachment] = (),
    project: Project | None = None,
    kind: str = Ticket.Kind.QUESTION,
    priority: int = Ticket.Priority.NORMAL,
    follows: Ticket | None = None,
    acknowledges: bool = True,
) -> Ticket:
    """Open a ticket with its first message, for somebody who wrote from elsewhere. We are told.

    Its author is sent an acknowledgement, unless `acknowledges` is False.

    :raises ValidationError: if a file cannot be taken.
    """
    about = {"client_id": client_id, "project": project, "subject": subject[:LONGEST_SUBJECT]}
    order = {"source": source, "kind": kind, "priority": priority, "follows": follows}
    whose = _written_by(author, name, email)
    ticket = Ticket(number=f"T-{next_number()}", **about, **order, **whose)
    promise(ticket, at=at)
    ticket.save()
    note_event(ticket, Kind.OPENED, author, at)
    message = _write(ticket, author, name, body, files, at, source)
    record("ticket_opened", ticket, actor=author, number=ticket.number, source=source)
    if acknowledges:
        notices.acknowledge(ticket, message)
    notices.tell_team_of_message(ticket, message, notices.OPENED)
    tell("tickets", client_id=client_id, row=ticket.pk)
    return ticket


@transaction.atomic
def add_message_from(
    *,
    ticket: Ticket,
    author: Any,
    name: str,
    email: str,
    body: str,
    at: datetime,
    source: str = Ticket.Source.EMAIL,
    files: Iterable[Attachment] = (),
) -> TicketMessage:
    """Add somebody's words to a ticket: what waited is ours again, what was solved is open again.

    Words for a ticket that is over for good open a new one, which follows it.

    :raises ValidationError: if a file cannot be taken.
    """
    ticket = locked(final_ticket(ticket))
    if ticket.is_over and not ticket.may_reopen(at):
        words = {"name": name, "email": email, "body": body, "files": files}
        return _follow_up(ticket, author=author, at=at, source=source, **words)
    is_reopening = ticket.is_over
    message = _write(ticket, author, name, body, files, at, source)
    if is_reopening or ticket.status == Status.WAITING:
        _bring_back(ticket, author, at, is_reopening=is_reopening)
    ticket.save()
    act = "ticket_reopened" if is_reopening else "ticket_answered"
    record(act, ticket, actor=author, source=source)
    notices.tell_people_of_answer(ticket, message)
    what = notices.REOPENED if is_reopening else notices.ANSWERED
    notices.tell_team_of_message(ticket, message, what)
    tell("tickets", client_id=ticket.client_id, row=ticket.pk)
    return message


def _written_by(author: Any, name: str, email: str) -> dict[str, Any]:
    """Return who opens a ticket; somebody with an account is not written to by address."""
    return {
        "opened_by": author,
        "contact_name": name[:LONGEST_NAME],
        "contact_email": "" if author is not None else email,
    }


def _follow_up(ticket: Ticket, **words: Any) -> TicketMessage:
    """Open another ticket after one that is over for good, and return its first message."""
    new = open_ticket_for(
        client_id=ticket.client_id,
        subject=ticket.subject,
        project=ticket.project,
        kind=ticket.kind,
        follows=ticket,
        **words,
    )
    return new.messages.get()  # type: ignore[attr-defined]


def _bring_back(ticket: Ticket, author: Any, at: datetime, *, is_reopening: bool) -> None:
    """Make a ticket ours again; one that was over is promised a solution again."""
    if is_reopening:
        ticket.rated_at = None
    is_known = ticket.assignee_id is not None or ticket.answered_at is not None
    move(ticket, Status.TAKEN if is_known else Status.OPEN, author, at)
    if is_reopening:
        promise_solution_again(ticket, at=at)


def _write(
    ticket: Ticket,
    author: Any,
    name: str,
    body: str,
    files: Iterable[Attachment],
    at: datetime,
    source: str,
) -> TicketMessage:
    visitor = "" if author is not None else name[:LONGEST_NAME]
    return write_message(ticket, body, files, actor=author, at=at, source=source, visitor=visitor)
