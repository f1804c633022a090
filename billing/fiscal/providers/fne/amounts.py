"""Telling a sale in the FNE's words, to the franc: unit prices HT, percents, nothing else.

The FNE knows no fixed discount, no price with tax and no deducted deposit. A sale that has one is
told by unit prices of four decimals that come to the same sums. What comes to no such prices is
refused before it leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from billing.fiscal.providers.base import CertifiedItem, RateSum, Rejected, Sale, SaleLine
from core.money import round_half_up

DECIMALS = Decimal("0.0001")
CLOSE = 1  # a franc of VAT: where a balance takes the rounding of the deposits before it


@dataclass(frozen=True)
class Item:
    """A line as it is told: `price` is HT in major units, at most four decimals."""

    line: SaleLine
    price: Decimal
    discount: Decimal = Decimal(0)

    def net(self, sale: Sale, discount: Decimal) -> Fraction:
        """Return what the line counts for in minor units, all discounts taken off."""
        full = Fraction(self.line.quantity) * Fraction(self.price) * 10**sale.minor_digits
        return full * (100 - Fraction(self.discount)) * (100 - Fraction(discount)) / 10_000


@dataclass(frozen=True)
class Told:
    """The lines of a sale, and the percent taken off their total."""

    items: Sequence[Item]
    discount: Decimal = Decimal(0)
    note: str = ""


@dataclass(frozen=True)
class Sums:
    """What the FNE will compute, in minor units."""

    net: int
    vat: int
    total: int


def tell(sale: Sale) -> Told:
    """Choose the lines that come to the sums of the sale, as it was typed if they do.

    :raises Rejected: if no lines of four decimals do.
    """
    close = None
    for told in _ways(sale):
        found, asked = expected_sums(sale, told), asked_sums(sale.sums)
        if found == asked:
            return told
        if close is None and found.total == asked.total and abs(found.vat - asked.vat) <= CLOSE:
            close = told
    if close is not None:
        note = _("La TVA certifiée peut différer d’une unité de celle de la facture : arrondi.")
        return Told(close.items, close.discount, note)
    raise Rejected(
        _(
            "Le total de cette facture ne peut pas être retrouvé par la FNE à partir de prix "
            "unitaires à quatre décimales : regroupez les grandes quantités en une ligne."
        )
    )


def asked_sums(sums: Iterable[RateSum]) -> Sums:
    """Return the sums that the paper shows."""
    sums = list(sums)
    net, vat = sum(one.base for one in sums), sum(one.vat for one in sums)
    return Sums(net, vat, net + vat)


def expected_sums(sale: Sale, told: Told) -> Sums:
    """Compute what the FNE makes of lines: exact, rounded once at the end."""
    net, vat = Fraction(0), Fraction(0)
    for item in told.items:
        amount = item.net(sale, told.discount)
        net += amount
        vat += amount * Fraction(item.line.vat_rate) / 100
    return Sums(round_half_up(net), round_half_up(vat), round_half_up(net + vat))


def certified_items(sale: Sale, told: Told) -> list[CertifiedItem]:
    """Return the lines to be certified, their nets adding up to the base of each rate."""
    nets = [round_half_up(item.net(sale, told.discount)) for item in told.items]
    for group in sale.sums:
        members = [i for i, item in enumerate(told.items) if item.line.vat_rate == group.rate]
        if members:
            largest = max(members, key=lambda i: nets[i])
            nets[largest] += group.base - sum(nets[i] for i in members)
    return [
        CertifiedItem(
            id="",
            quantity=item.line.quantity,
            net=net,
            rate=item.line.vat_rate,
            label=item.line.label,
        )
        for item, net in zip(told.items, nets, strict=True)
    ]


def _ways(sale: Sale) -> Iterator[Told]:
    if sale.is_as_typed:
        yield Told(
            [
                Item(line, _major(sale, line.unit_price), line.discount_percent)
                for line in sale.lines
            ],
            sale.discount_percent,
        )
    yield Told(list(_shared(sale, lambda group: Fraction(group.base))))
    yield Told(list(_shared(sale, _base_of_total)))


def _base_of_total(group: RateSum) -> Fraction:
    """Return the exact base whose total with tax is that of a rate."""
    return (group.base + group.vat) / (1 + Fraction(group.rate) / 100)


def _shared(sale: Sale, base_of) -> Iterator[Item]:
    """Share what was billed at each rate upon its lines, as unit prices without discount."""
    for group in sale.sums:
        lines = [line for line in sale.lines if line.vat_rate == group.rate and line.weight > 0]
        whole = sum(line.weight for line in lines)
        for line in lines:
            amount = base_of(group) * line.weight / whole
            price = _major(sale, amount / Fraction(line.quantity))
            if price:
                yield Item(line, price)


def _major(sale: Sale, amount: Decimal | Fraction) -> Decimal:
    exact = Fraction(amount) / 10**sale.minor_digits
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    return value.quantize(DECIMALS, rounding=ROUND_HALF_UP)
