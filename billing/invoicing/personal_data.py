"""What invoicing holds on a person: the quotes they answered."""

from collections.abc import Iterator
from typing import Any

from wagtail import hooks

from billing.invoicing.models import Quote
from core.hooks import PersonalData


@hooks.register("nourx_personal_data")
def data_of_quotes(person: Any) -> Iterator[PersonalData]:
    quotes = Quote.objects.filter(decided_by=person).order_by("pk")
    yield PersonalData(
        "devis-repondus",
        list(quotes.values("number", "subject", "status", "decided_at", "decided_name")),
    )
