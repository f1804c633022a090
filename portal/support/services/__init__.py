"""Opening tickets, answering them, and moving them on."""

from portal.support.services.clients import (
    CannotAnswer,
    CannotRate,
    answer_as_client,
    mark_read,
    mark_solved,
    open_ticket,
    rate_ticket,
)
from portal.support.services.steps import next_number
from portal.support.services.team import answer_as_team, close_solved_tickets, note_ticket

__all__ = [
    "CannotAnswer",
    "CannotRate",
    "answer_as_client",
    "answer_as_team",
    "close_solved_tickets",
    "mark_read",
    "mark_solved",
    "next_number",
    "note_ticket",
    "open_ticket",
    "rate_ticket",
]
