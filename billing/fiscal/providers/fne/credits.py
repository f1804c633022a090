"""Credits in the FNE's words: quantities of the lines that were certified, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from billing.fiscal.providers.base import CertifiedItem, Credit, Rejected
from core.money import round_half_up

DECIMALS = Decimal("0.0001")


def quantities(credit: Credit) -> list[tuple[CertifiedItem, Decimal]]:
    """Return how much of each certified line a credit note takes, to the franc.

    Whole lines first, then whole quantities of one line, then a part of a quantity.

    :raises Rejected: if more is credited than is left, or the sum is no such quantity.
    """
    return [part for rate, base in credit.bases.items() for part in _at_rate(credit, rate, base)]


def _at_rate(credit: Credit, rate: Decimal, base: int) -> list[tuple[CertifiedItem, Decimal]]:
    left = [
        (item, item.quantity - credit.taken.get(item.id, Decimal(0)))
        for item in credit.items
        if item.rate == rate
    ]
    left = [(item, quantity) for item, quantity in left if quantity > 0 and item.net > 0]
    worth = sum((_worth(item, quantity) for item, quantity in left), Fraction(0))
    if round_half_up(worth) == base:
        return left
    if base > worth:
        raise Rejected(_("Cet avoir dépasse ce qui reste à créditer sur la facture certifiée."))
    for item, quantity in left:
        if round_half_up(_worth(item, quantity)) == base:
            return [(item, quantity)]
    for item, quantity in left:
        count = Fraction(base) * Fraction(item.quantity) / item.net
        if count.denominator == 1 and count <= quantity:
            return [(item, Decimal(int(count)))]
    return list(_in_turn(left, base))


def _in_turn(
    left: list[tuple[CertifiedItem, Decimal]], base: int
) -> Iterator[tuple[CertifiedItem, Decimal]]:
    owed = Fraction(base)
    for item, quantity in left:
        worth = _worth(item, quantity)
        if worth <= owed:
            owed -= worth
            yield item, quantity
            continue
        exact = owed * Fraction(item.quantity) / item.net
        part = Decimal(exact.numerator) / Decimal(exact.denominator)
        part = part.quantize(DECIMALS, rounding=ROUND_HALF_UP)
        if part > 0:
            yield item, part
            owed -= _worth(item, part)
        break
    if round_half_up(abs(owed)):
        raise Rejected(
            _(
                "Cet avoir ne correspond à aucune quantité des lignes certifiées : la FNE ne "
                "crédite que des quantités. Faites-le sur le portail de la DGI, puis saisissez "
                "sa référence."
            )
        )


def _worth(item: CertifiedItem, quantity: Decimal) -> Fraction:
    return Fraction(item.net) * Fraction(quantity) / Fraction(item.quantity)
