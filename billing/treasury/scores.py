"""How well a movement of an account fits money we know of. Pure: the same facts, the same score.

A match is certain when its score is at least `CERTAIN`, nothing else comes near, and no other
movement claims the same money. Nothing else is ever matched without a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

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
    is_same_amount = movement.amount == money.left
    by_reference = _has_reference(movement, money.reference)
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
    text = plain(f"{movement.label} {movement.sender} {movement.reference}")
    if _has_phone(text, money.phone):
        points, reasons = points + 50, [*reasons, _("Numéro du payeur")]
    if any(plain(number) in text for number in money.numbers if number):
        points, reasons = points + 50, [*reasons, _("Numéro de facture")]
    if any(_has_name(text, name) for name in money.names):
        points, reasons = points + 20, [*reasons, _("Nom")]
    return min(points, 99), reasons


def propose(movements: Sequence[Movement], monies: Iterable[Money]) -> list[Proposal]:
    """Return the best proposal for each movement that has one; which are certain is told.

    Two movements never keep the same money as certain, unless one of them owns its reference.
    """
    by_amount, known = _index(list(monies))
    best: list[Proposal] = []
    seconds: dict[int, int] = {}
    for movement in movements:
        ranked = sorted(
            (
                Proposal(movement, money, points, tuple(reasons))
                for money in _candidates(movement, by_amount, known)
                for points, reasons in [score(movement, money)]
                if points >= PROPOSED
            ),
            key=lambda each: (-each.score, abs((movement.on - each.money.on).days), each.money.key),
        )
        if ranked:
            best.append(ranked[0])
            seconds[movement.key] = ranked[1].score if len(ranked) > 1 else 0
    return [_judge(proposal, best, seconds[proposal.movement.key]) for proposal in best]


def _index(monies: list[Money]) -> tuple[dict[int, list[Money]], list[Money]]:
    by_amount: dict[int, list[Money]] = {}
    for money in monies:
        by_amount.setdefault(money.left, []).append(money)
    return by_amount, [money for money in monies if squeeze_reference(money.reference)]


def _candidates(
    movement: Movement, by_amount: dict[int, list[Money]], known: list[Money]
) -> list[Money]:
    """Return money of the same amount, and money whose reference the movement names."""
    same = by_amount.get(movement.amount, [])
    named = [
        money
        for money in known
        if money.left != movement.amount and _has_reference(movement, money.reference)
    ]
    return [*same, *named]


def _judge(proposal: Proposal, best: list[Proposal], second: int) -> Proposal:
    rivals = [
        other
        for other in best
        if other is not proposal
        and (other.money.kind, other.money.key) == (proposal.money.kind, proposal.money.key)
        and other.score >= proposal.score
    ]
    is_far = second <= proposal.score - GAP
    is_certain = proposal.score >= CERTAIN and is_far and not rivals
    return Proposal(proposal.movement, proposal.money, proposal.score, proposal.reasons, is_certain)


def _has_reference(movement: Movement, reference: str) -> bool:
    key = squeeze_reference(reference)
    if len(key) < SHORTEST_REFERENCE:
        return False
    if squeeze_reference(movement.reference) == key:
        return True
    words = re.split(r"[\s,;:/|()\[\]]+", movement.label.upper())
    return key in {squeeze_reference(word.strip(".")) for word in words}


def _has_phone(text: str, phone: str) -> bool:
    """Tell whether the last eight figures of a telephone stand in a text."""
    tail = re.sub(r"\D", "", phone)[-8:]
    return len(tail) == 8 and tail in text.replace(" ", "")


def _has_name(text: str, name: str) -> bool:
    """Tell whether the longest words of a name all stand in a text."""
    words = [word for word in plain(name).split() if len(word) >= 4][:2]
    return bool(words) and set(words) <= set(text.split())
