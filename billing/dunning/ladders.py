"""Which ladder an invoice climbs: that of a client’s segment, of its sector, or the default."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from billing.dunning.engine import Step
from billing.dunning.first_ladder import FIRST_STEPS, NAME
from billing.dunning.models import DunningLadder, DunningStep

STEP_FIELDS = tuple(Step.__dataclass_fields__)


@dataclass(frozen=True)
class Ladder:
    """A ladder as the engine reads it. `pk` is None for the one of the code, used without rows."""

    pk: int | None
    name: str
    steps: tuple[Step, ...]
    tolerance: int = 0
    company_id: int | None = None
    sector: str = ""
    segments: frozenset[int] = frozenset()
    is_default: bool = True

    def fits(self, client: Any, tags: Iterable[int]) -> int:
        """Return how well it fits a client: 0 not at all, more is better."""
        if self.company_id not in (None, client.company_id):
            return 0
        if self.segments:
            return 8 + (self.company_id is not None) if self.segments & set(tags) else 0
        if self.sector:
            return 4 + (self.company_id is not None) if self.sector == client.sector else 0
        return 1 + (self.company_id is not None) if self.is_default else 0


FIRST_LADDER = Ladder(None, NAME, tuple(Step(**step) for step in FIRST_STEPS))


def step_of(row: DunningStep) -> Step:
    """Return a step as the engine reads it."""
    return Step(**{name: getattr(row, name) for name in STEP_FIELDS})


def read_ladders() -> list[Ladder]:
    """Return the ladders in use; the one of the code when there is no default one."""
    rows = DunningLadder.objects.filter(is_active=True).order_by("pk")
    steps: dict[int, list[Step]] = {}
    for step in DunningStep.objects.filter(ladder__is_active=True).order_by("days"):
        steps.setdefault(step.ladder_id, []).append(step_of(step))
    segments: dict[int, set[int]] = {}
    links = DunningLadder.segments.through.objects.values_list("dunningladder_id", "clienttag_id")
    for ladder_id, tag_id in links:
        segments.setdefault(ladder_id, set()).add(tag_id)
    found = [
        Ladder(
            row.pk,
            row.name,
            tuple(steps.get(row.pk, ())),
            tolerance=row.tolerance,
            company_id=row.company_id,
            sector=row.sector,
            segments=frozenset(segments.get(row.pk, ())),
            is_default=row.is_default,
        )
        for row in rows
    ]
    if any(each.is_default and not each.segments and not each.sector for each in found):
        return found
    return [*found, FIRST_LADDER]


def ladder_for(client: Any, ladders: Iterable[Ladder], tags: Mapping[int, set[int]]) -> Ladder:
    """Return the ladder that fits a client best; `tags` are the segments of each client."""
    mine = tags.get(client.pk, set())
    best = max(ladders, key=lambda ladder: ladder.fits(client, mine), default=FIRST_LADDER)
    return best if best.fits(client, mine) else FIRST_LADDER
