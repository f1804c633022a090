"""The tickets of clients, what they hold, and the delays promised on them."""

from portal.support.models.delays import BusinessCalendar, SlaPolicy
from portal.support.models.desk import (
    CannedReply,
    TicketArticle,
    TicketDraft,
    TicketTime,
    TicketWatcher,
)
from portal.support.models.messages import (
    MOST_CHARACTERS,
    TicketAttachment,
    TicketEvent,
    TicketMessage,
    TicketReading,
)
from portal.support.models.tickets import (
    RATING_CHANGES_WITHIN,
    REOPENED_WITHIN,
    Ticket,
    TicketCounter,
)

__all__ = [
    "MOST_CHARACTERS",
    "RATING_CHANGES_WITHIN",
    "REOPENED_WITHIN",
    "BusinessCalendar",
    "CannedReply",
    "SlaPolicy",
    "Ticket",
    "TicketArticle",
    "TicketAttachment",
    "TicketCounter",
    "TicketDraft",
    "TicketEvent",
    "TicketMessage",
    "TicketReading",
    "TicketTime",
    "TicketWatcher",
]
