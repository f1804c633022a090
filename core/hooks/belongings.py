"""What somebody of the team looks after, for the day they leave."""

from dataclasses import dataclass
from typing import Any

from core.counting import count_those
from core.hooks.gathering import gather


@dataclass(frozen=True)
class Belongings:
    """Rows of one kind that somebody of the team looks after and that are not over.

    `field` is the one that names the person.
    """

    label: Any
    rows: Any
    field: str
    order: int = 50


def belongings(person: Any) -> list[Belongings]:
    """`nourx_belongings(person)` → open work that somebody of the team looks after."""
    return sorted(gather("nourx_belongings", person), key=lambda one: one.order)


def counted_belongings(person: Any) -> list[tuple[Belongings, int]]:
    """Return each kind with how many rows there are, counted in one query."""
    kinds = belongings(person)
    return list(zip(kinds, count_those([kind.rows for kind in kinds]), strict=True))
