"""How well a movement of an account fits money we know of. Pure: the same facts, the same score.

A match is certain when its score is at least `CERTAIN`, nothing else comes near, and no other
movement claims the same money. Nothing else is ever matched without a person.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from billing.payments.references import squeeze_reference
from billing.treasury.statement_files import plain

CERTAIN = 90
PROPOSED = 40
GAP = 20  # a certain match stands this far above the next
NEAR_DAYS = 5
SHORTEST_REFERENCE = 5


def _(message: str) -> str:
    """Mark a message for translation; whoever shows it translates it."""
    return message


@dataclass(frozen=True)
class Movement:
    """A line of a statement: money in is positive, in minor units."""

    key: int
    on: date
    amount: int
    label: str = ""
    reference: str = ""
    sender: str = ""


@dataclass(frozen=True)
class Money:
    """Money we know of: a payment, a declaration or a payout. `left` is what no line has yet."""

    kind: str
    key: int
    on: date
    left: int
    reference: str = ""
    names: tuple[str, ...] = ()  # the client, the payer
    phone: str = ""
    numbers: tuple[str, ...] = ()  # of the invoices it pays


@dataclass(frozen=True)
class Proposal:
    """A movement, the money it may be, how sure that is, and why."""

    movement: Movement
    money: Money
    score: int
    reasons: tuple[str, ...] = field(default_factory=tuple)
    is_certain: bool = False


def score(movement: Movement, money: Money) -> tuple[int, list[str]]:
    """Return how well the two fit, from 0 to 100, and why, in French."""
    said = _read(movement)
    is_same_amount = movement.amount == money.left
    by_reference = _key_of(money.reference) in said.keys
    if not is_same_amount:
        is_part = 0 < movement.amount < money.left
        return (50, [_("Même référence, autre montant")]) if by_reference and is_part else (0, [])
    if by_reference:
        return 100, [_("Même référence"), _("Même montant")]
    days = abs((movement.on - money.on).days)
    if days > NEAR_DAYS:
        return 0, []
    points, reasons = 30, [_("Même montant")]
    points += 15 if days <= 1 else 10
    reasons.append(_("Même jour") if days == 0 else _("Jours voisins"))
    if _has_phone(said.figures, money.phone):
        points, reasons = points + 50, [*reasons, _("Numéro du payeur")]
    if any(_plain(number) in said.text for number in money.numbers if number):
        points, reasons = points + 50, [*reasons, _("Numéro de facture")]
    if any(_has_name(said.words, name) for name in money.names):
        points, reasons = points + 20, [*reasons, _("Nom")]
    return min(points, 99), reasons


def propose(movements: Sequence[Movement], monies: Iterable[Money]) -> list[Proposal]:
    """Return the best proposal for each movement that has one; which are certain is told.

    Two movements never keep the same money as certain, unless one of them owns its reference.
    """
    index = _Index.of(monies)
    best: list[Proposal] = []
    seconds: dict[int, int] = {}
    for movement in movements:
        ranked = sorted(
            (
                Proposal(movement, money, points, tuple(reasons))
                for money in index.find(movement)
                for points, reasons in [score(movement, money)]
                if points >= PROPOSED
            ),
            key=lambda each: (-each.score, abs((movement.on - each.money.on).days), each.money.key),
        )
        if ranked:
            best.append(ranked[0])
            seconds[movement.key] = ranked[1].score if len(ranked) > 1 else 0
    claims = _claims(best)
    return [_judge(each, claims[_money_of(each)], seconds[each.movement.key]) for each in best]


@dataclass(frozen=True)
class _Index:
    """Money by amount and day, and by reference: a long statement meets few of each."""

    by_amount: dict[tuple[int, date], list[Money]]
    by_reference: dict[str, list[Money]]

    @classmethod
    def of(cls, monies: Iterable[Money]) -> _Index:
        by_amount: dict[tuple[int, date], list[Money]] = defaultdict(list)
        by_reference: dict[str, list[Money]] = defaultdict(list)
        for money in monies:
            by_amount[money.left, money.on].append(money)
            if key := _key_of(money.reference):
                by_reference[key].append(money)
        return cls(dict(by_amount), dict(by_reference))

    def find(self, movement: Movement) -> list[Money]:
        """Return what a movement may be: the same amount on a near day, or money it names."""
        named = [
            money
            for key in sorted(_read(movement).keys)
            for money in self.by_reference.get(key, ())
        ]
        near = [
            money
            for days in range(-NEAR_DAYS, NEAR_DAYS + 1)
            for money in self.by_amount.get((movement.amount, movement.on + timedelta(days)), ())
        ]
        seen = {(money.kind, money.key) for money in named}
        return [*named, *(money for money in near if (money.kind, money.key) not in seen)]


def _money_of(proposal: Proposal) -> tuple[str, int]:
    return proposal.money.kind, proposal.money.key


def _claims(best: Sequence[Proposal]) -> dict[tuple[str, int], list[int]]:
    """Return the scores by which movements claim each money."""
    claims: dict[tuple[str, int], list[int]] = defaultdict(list)
    for proposal in best:
        claims[_money_of(proposal)].append(proposal.score)
    return claims


def _judge(proposal: Proposal, claims: Sequence[int], second: int) -> Proposal:
    rivals = sum(score >= proposal.score for score in claims) - 1  # but for itself
    is_far = second <= proposal.score - GAP
    is_certain = proposal.score >= CERTAIN and is_far and not rivals
    return Proposal(proposal.movement, proposal.money, proposal.score, proposal.reasons, is_certain)


@dataclass(frozen=True)
class _Said:
    """What a movement says, read once: the references it may name, its words, its figures."""

    keys: frozenset[str]
    text: str
    words: frozenset[str]
    figures: str


@lru_cache(maxsize=4096)
def _read(movement: Movement) -> _Said:
    words = re.split(r"[\s,;:/|()\[\]]+", movement.label.upper())
    keys = {_key_of(movement.reference), *(_key_of(word.strip(".")) for word in words)} - {""}
    text = plain(f"{movement.label} {movement.sender} {movement.reference}")
    return _Said(frozenset(keys), text, frozenset(text.split()), text.replace(" ", ""))


@lru_cache(maxsize=16384)
def _plain(text: str) -> str:
    return plain(text)


@lru_cache(maxsize=16384)
def _key_of(reference: str) -> str:
    """Return a reference as it is compared; "" for one too short to name anything."""
    key = squeeze_reference(reference)
    return key if len(key) >= SHORTEST_REFERENCE else ""


def _has_phone(figures: str, phone: str) -> bool:
    """Tell whether the last eight figures of a telephone stand in a text without spaces."""
    tail = _tail_of(phone)
    return len(tail) == 8 and tail in figures


@lru_cache(maxsize=16384)
def _tail_of(phone: str) -> str:
    return re.sub(r"\D", "", phone)[-8:]


def _has_name(said: frozenset[str], name: str) -> bool:
    """Tell whether the longest words of a name are all among those of a movement."""
    words = [word for word in _plain(name).split() if len(word) >= 4][:2]
    return bool(words) and said.issuperset(words)
