"""An entry being written: signed moves that must close, then lines in our currency. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from billing.accounting.chart import Account
from billing.accounting.facts import Party
from core.money import get_currency, round_half_up

EURO = Decimal("655.957")  # francs CFA for one euro, fixed


class CannotDerive(Exception):
    """A fact that no balanced entry can be made of; the message is a French sentence."""


@dataclass(frozen=True)
class Move:
    """An amount on an account, debit when positive, in the currency of the paper.

    `base` is its worth in our currency where that is settled already; other moves are converted,
    and the largest of them takes what rounding leaves.
    """

    account: Account
    amount: int
    party: Party | None = None
    invoice_id: int | None = None
    base: int | None = None


@dataclass(frozen=True)
class Line:
    """A line of an entry, in our currency: one side only, above zero. `foreign` beside it."""

    account: Account
    debit: int
    credit: int
    party: Party | None = None
    invoice_id: int | None = None
    foreign: int | None = None


@dataclass(frozen=True)
class Sheet:
    """A balanced entry, ready to be kept. (`kind`, `source_id`) names the fact, once."""

    kind: str
    source_id: int
    journal: str
    on: date
    piece: str
    label: str
    lines: tuple[Line, ...]
    currency: str = ""
    due_on: date | None = None

    @property
    def total(self) -> int:
        return sum(line.debit for line in self.lines)


def worth(amount: int, currency: str, base: str, rate: Decimal | None) -> int:
    """Convert an amount of minor units to our currency, halves away from zero.

    :raises CannotDerive: if the rate of a foreign currency is not known.
    """
    if currency == base:
        return amount
    if rate is None:
        raise CannotDerive(f"Cours de {currency} inconnu")
    major = Fraction(amount, get_currency(currency).scale) * Fraction(rate)
    return round_half_up(major * get_currency(base).scale)


def close_moves(
    moves: Sequence[Move], *, currency: str, base: str, rate: Decimal | None
) -> tuple[Line, ...]:
    """Turn moves into lines: those of one account, client and invoice become one.

    :raises CannotDerive: if the moves do not balance, or cannot be converted.
    """
    if sum(move.amount for move in moves):
        raise CannotDerive("Débit et crédit diffèrent")
    moves = _merged(moves, is_foreign=currency != base)
    if currency == base:
        return tuple(_line(move, move.amount, None) for move in moves)
    worths = [
        move.base if move.base is not None else worth(move.amount, currency, base, rate)
        for move in moves
    ]
    rest = -sum(worths)
    free = [rank for rank, move in enumerate(moves) if move.base is None]
    if rest and not free:
        raise CannotDerive("Conversion sans contrepartie")
    if rest:
        largest = max(free, key=lambda rank: abs(worths[rank]))
        worths[largest] += rest
    rows = zip(moves, worths, strict=True)
    return tuple(_line(move, amount, abs(move.amount)) for move, amount in rows if amount)


def _merged(moves: Sequence[Move], *, is_foreign: bool) -> list[Move]:
    kept: dict[tuple, Move] = {}
    for move in moves:
        key = (move.account, move.party, move.invoice_id, is_foreign and move.base is None)
        former = kept.get(key)
        if former is None:
            kept[key] = move
            continue
        base = None if move.base is None else (former.base or 0) + move.base
        kept[key] = replace(former, amount=former.amount + move.amount, base=base)
    return [move for move in kept.values() if move.amount or (is_foreign and move.base)]


def _line(move: Move, amount: int, foreign: int | None) -> Line:
    return Line(
        account=move.account,
        debit=max(amount, 0),
        credit=max(-amount, 0),
        party=move.party,
        invoice_id=move.invoice_id,
        foreign=foreign,
    )
