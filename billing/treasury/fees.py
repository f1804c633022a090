"""What a provider keeps of a payment, from its terms. Pure: amounts are integers of minor units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Protocol, TypeVar

from core.money import round_half_up


class Terms(Protocol):
    """What a row of the table of fees says."""

    provider: str
    channel: str
    currency: str
    percent: Decimal
    fixed: int
    vat_percent: Decimal
    delay_days: int
    starts_on: date


T = TypeVar("T", bound=Terms)


@dataclass(frozen=True)
class Fee:
    """What is kept of a payment: before VAT, its VAT, and the day the rest may be had."""

    fee: int
    vat: int
    available_on: date | None

    @property
    def total(self) -> int:
        return self.fee + self.vat


def find_terms(
    rows: Iterable[T], *, provider: str, channel: str, currency: str, on: date
) -> T | None:
    """Return the terms that hold for a payment: those of its means first, the newest begun."""
    fitting = [
        row
        for row in rows
        if row.provider == provider
        and row.currency == currency
        and row.starts_on <= on
        and row.channel.casefold() in ("", channel.casefold())
    ]
    return max(fitting, key=lambda row: (bool(row.channel), row.starts_on), default=None)


def fee_of(terms: Terms, amount: int, on: date) -> Fee:
    """Return what the terms keep of an amount received on a day; never more than it."""
    fee = round_half_up(Fraction(amount) * Fraction(terms.percent) / 100) + terms.fixed
    vat = round_half_up(Fraction(fee) * Fraction(terms.vat_percent) / 100)
    if fee + vat > amount:
        fee, vat = amount, 0
    return Fee(fee, vat, on + timedelta(days=terms.delay_days))


def split_fee(total: int, vat_percent: Decimal | int) -> tuple[int, int]:
    """Split a fee told with its VAT into (before VAT, VAT); they add up to it exactly."""
    before = round_half_up(Fraction(total) * 100 / (100 + Fraction(vat_percent)))
    return before, total - before
