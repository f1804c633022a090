"""Opening tickets, answering them, and moving them on.

`inbound` holds the ways in for messages from elsewhere: `open_ticket_for`, `add_message_from`.
"""

from portal.support.services.clients import (
    CannotAnswer,
    CannotRate,
    answer_as_client,
    mark_read,
    mark_solved,
    open_ticket,
    rate_by_link,
    rate_ticket,
)
from portal.support.services.desk import (
    CannotClose,
    assign_ticket,
    close_ticket,
    count_use,
    keep_draft,
    link_article,
    log_time,
    set_priority,
    unlink_article,
    watch_ticket,
)
from portal.support.services.escalating import CannotEscalate, escalate_ticket
from portal.support.services.inbound import add_message_from, open_ticket_for
from portal.support.services.merging import (
    final_ticket,
    merge_tickets,
    split_message,
    undo_merge,
)
from portal.support.services.steps import next_number
from portal.support.services.team import (
    AnsweredMeanwhile,
    answer_as_team,
    close_solved_tickets,
    note_ticket,
)

__all__ = [
    "AnsweredMeanwhile",
    "CannotAnswer",
    "CannotClose",
    "CannotEscalate",
    "CannotRate",
    "add_message_from",
    "answer_as_client",
    "answer_as_team",
    "assign_ticket",
    "close_solved_tickets",
    "close_ticket",
    "count_use",
    "escalate_ticket",
    "final_ticket",
    "keep_draft",
    "link_article",
    "log_time",
    "mark_read",
    "mark_solved",
    "merge_tickets",
    "next_number",
    "note_ticket",
    "open_ticket",
    "open_ticket_for",
    "rate_by_link",
    "rate_ticket",
    "set_priority",
    "split_message",
    "undo_merge",
    "unlink_article",
    "watch_ticket",
]
