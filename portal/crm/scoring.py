"""How promising a sale is: points for each fact that holds, told one by one. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.money import get_currency
from portal.crm.models import ScoreCriterion

LEAST_NEED = 20  # characters: « site web » describes nothing
LOWEST, HIGHEST = 0, 100
Fact = ScoreCriterion.Fact


@dataclass(frozen=True)
class Facts:
    """What is known of a sale. `amount` is in minor units of `currency`."""

    source: str
    amount: int | None
    currency: str
    need: str
    decider: str
    expected_close: date | None
    last_exchange: date | None
    is_known: bool


@dataclass(frozen=True)
class Score:
    """A score from 0 to 100, and the (label, points) pairs that make it."""

    value: int
    reasons: tuple[tuple[str, int], ...]


def score_of(facts: Facts, criteria: Iterable[ScoreCriterion], *, on: date) -> Score:
    """Return the score of a sale on a day, by the criteria that apply."""
    held = tuple((one.label, one.points) for one in criteria if holds(one, facts, on=on))
    total = sum(points for _label, points in held)
    return Score(max(LOWEST, min(HIGHEST, total)), held)


def holds(criterion: ScoreCriterion, facts: Facts, *, on: date) -> bool:
    """Tell whether a fact holds for a sale. A criterion whose value says nothing never holds."""
    number = whole(criterion.value)
    if criterion.fact == Fact.SOURCE:
        return facts.source == criterion.value
    if criterion.fact == Fact.AMOUNT:
        return number is not None and _reaches(facts, number)
    if criterion.fact == Fact.CLOSE:
        return number is not None and _between(facts.expected_close, on, days=number)
    if criterion.fact == Fact.EXCHANGE:
        return number is not None and _between(facts.last_exchange, on, days=-number)
    return {
        Fact.NEED: len(facts.need.strip()) >= LEAST_NEED,
        Fact.DECIDER: bool(facts.decider.strip()),
        Fact.KNOWN: facts.is_known,
    }.get(Fact(criterion.fact), False)


def whole(text: Any) -> int | None:
    """Read a whole number, spaces between thousands allowed; None when there is none."""
    digits = "".join(str(text).split())
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _reaches(facts: Facts, major: int) -> bool:
    if facts.amount is None:
        return False
    return facts.amount >= major * get_currency(facts.currency).scale


def _between(day: date | None, on: date, *, days: int) -> bool:
    if day is None or abs(days) > 36_500:
        return False
    first, last = sorted((on, on + timedelta(days=days)))
    return first <= day <= last
