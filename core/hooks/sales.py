"""Where modules tell how things go with clients, and how selling goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.hooks.gathering import gather


@dataclass(frozen=True)
class HealthSign:
    """A fact that says how things go with a client, in points: below zero it worries.

    `text` is a short sentence for the team; `url` leads to the rows behind it.
    """

    client_id: int
    points: int
    text: Any
    url: str = ""


def health_signs(client_ids: Sequence[int], on: date) -> Iterable[HealthSign]:
    """`nourx_health_signs(client_ids, on)` → facts that say how things go with some clients."""
    return gather("nourx_health_signs", client_ids, on)


def quotes_sent(since: date) -> int:
    """`nourx_quotes_sent(since)` → [how many quotes were sent from a day on]."""
    return sum(gather("nourx_quotes_sent", since))
