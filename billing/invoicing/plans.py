"""In what parts a quote is billed, without Django: shares that make its total exactly.

Amounts are integers of the minor unit. A share is a percentage; None stands for what is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.money import round_half_up

WHOLE = Decimal(100)


def _(message: str) -> str:
    """Mark a message for translation; whoever shows it translates it."""
    return message


REST_IS_LAST = _("Seule la dernière échéance peut rester sans pourcentage : elle prend le reste.")
NOTHING_LEFT = _(
    "Les pourcentages prennent déjà tout : il ne reste rien pour la dernière échéance."
)
NOT_WHOLE = _("Les pourcentages ne font pas 100 % : corrigez-les, ou laissez vide le dernier.")
DEPOSIT_IS_FIRST = _("Un seul acompte, et en première ligne de l’échéancier.")
BALANCE_IS_LAST = _("Un seul solde, et en dernière ligne de l’échéancier.")


class InvalidPlan(ValueError):
    """The shares of a plan do not make a whole; `message` says why, to be translated."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Part:
    """A row of a plan: "deposit", "milestone" or "balance", and its share."""

    kind: str
    percent: Decimal | None = None


def check_plan(parts: Sequence[Part]) -> None:
    """Refuse a plan whose parts are not the whole, or stand in a wrong order. None is a plan too.

    :raises InvalidPlan: with what is to be mended.
    """
    if not parts:
        return
    if any(part.percent is None for part in parts[:-1]):
        raise InvalidPlan(REST_IS_LAST)
    if any(part.kind == "deposit" for part in parts[1:]):
        raise InvalidPlan(DEPOSIT_IS_FIRST)
    if any(part.kind == "balance" for part in parts[:-1]):
        raise InvalidPlan(BALANCE_IS_LAST)
    taken = sum((part.percent for part in parts if part.percent is not None), Decimal(0))
    if parts[-1].percent is None:
        if taken >= WHOLE:
            raise InvalidPlan(NOTHING_LEFT)
    elif taken != WHOLE:
        raise InvalidPlan(NOT_WHOLE)


def plan_amounts(total: int, parts: Sequence[Part]) -> list[int]:
    """Share a total upon the parts of a plan; the last one takes what rounding left.

    :raises InvalidPlan: if the parts are not the whole.
    """
    check_plan(parts)
    amounts: list[int] = []
    for part in parts[:-1]:
        wanted = round_half_up(Fraction(total) * Fraction(part.percent or 0) / 100)
        amounts.append(min(wanted, total - sum(amounts)))
    return [*amounts, total - sum(amounts)] if parts else []
