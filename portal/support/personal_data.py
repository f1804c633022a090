"""What the support holds on a person: their tickets and the messages they wrote."""

from collections.abc import Iterator
from typing import Any

from wagtail import hooks

from core.hooks import PersonalData
from portal.support.models import Ticket, TicketMessage


@hooks.register("nourx_personal_data")
def data_of_support(person: Any) -> Iterator[PersonalData]:
    tickets = Ticket.objects.filter(opened_by=person).order_by("pk")
    yield PersonalData("tickets", list(tickets.values("number", "subject", "status", "created_at")))
    words = TicketMessage.objects.filter(author=person).order_by("pk")
    yield PersonalData(
        "messages-au-support", list(words.values("ticket__number", "body", "created_at"))
    )
