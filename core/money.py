"""Currencies, rounding, and how an amount is written, said and read, without Django.

An amount is an integer of the currency's minor unit: whole francs for XOF, cents for EUR.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from num2words import num2words

NARROW_SPACE = "\u202f"  # between groups of three digits
FIXED_SPACE = "\u00a0"  # before a unit
MINUS = "\u2212"


def _(message: str) -> str:
    """Mark a message for translation; whoever shows it translates it."""
    return message


class UnknownCurrency(ValueError):
    """The code is not in the table of currencies."""


class UnreadableAmount(ValueError):
    """A typed text is not an amount; the first argument is a message for the person."""


@dataclass(frozen=True)
class Currency:
    """A currency, its number of decimals, and its French names."""

    code: str
    exponent: int
    symbol: str
    short_symbol: str
    name: str
    plural_name: str
    minor_name: str = ""

    @property
    def scale(self) -> int:
        """Minor units in one major unit: 1 for XOF, 100 for EUR."""
        return 10**self.exponent


_CFA = f"F{FIXED_SPACE}CFA"
CURRENCIES = {
    currency.code: currency
    for currency in (
        Currency("XOF", 0, _CFA, "F", "franc CFA", "francs CFA"),
        Currency("XAF", 0, _CFA, "F", "franc CFA", "francs CFA"),
        Currency("GNF", 0, "GNF", "GNF", "franc guinéen", "francs guinéens"),
        Currency("KMF", 0, "KMF", "KMF", "franc comorien", "francs comoriens"),
        Currency("RWF", 0, "RWF", "RWF", "franc rwandais", "francs rwandais"),
        Currency("JPY", 0, "¥", "¥", "yen", "yens"),
        Currency("EUR", 2, "€", "€", "euro", "euros", "centime"),
        Currency("USD", 2, "$US", "$US", "dollar américain", "dollars américains", "cent"),
        Currency("CAD", 2, "$CA", "$CA", "dollar canadien", "dollars canadiens", "cent"),
        Currency("GBP", 2, "£", "£", "livre sterling", "livres sterling", "penny"),
        Currency("CHF", 2, "CHF", "CHF", "franc suisse", "francs suisses", "centime"),
        Currency("MAD", 2, "MAD", "MAD", "dirham marocain", "dirhams marocains", "centime"),
    )
}
_IRREGULAR_PLURALS = {"penny": "pence"}
_FEMININE = {"GBP"}


def get_currency(code: str) -> Currency:
    """Return the currency of an ISO code.

    :raises UnknownCurrency: if it is not one of ours.
    """
    try:
        return CURRENCIES[code]
    except KeyError:
        raise UnknownCurrency(code) from None


def round_half_up(value: Decimal | Fraction | int) -> int:
    """Round to a whole number, halves away from zero, whatever the size.

    Exact: no decimal context takes part, and a float is refused.
    """
    if isinstance(value, float):
        raise TypeError("an amount is never a float")
    exact = Fraction(value)
    size = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return -size if exact < 0 else size


def round_money(value: Decimal | Fraction | int, currency: str = "XOF") -> int:
    """Turn an exact value in major units into the nearest minor unit."""
    if isinstance(value, float):
        raise TypeError("an amount is never a float")
    return round_half_up(Fraction(value) * get_currency(currency).scale)


def to_major(amount: int, currency: str = "XOF") -> Decimal:
    """Give an amount of minor units in major units, with all its decimals (12345 → 123.45)."""
    return Decimal(amount).scaleb(-get_currency(currency).exponent)


def split_amount(total: int, weights: Sequence[int]) -> list[int]:
    """Share a total in proportion to weights, by the largest remainder.

    The shares add up to the total exactly; on a tie the first one takes the extra unit.

    :raises ValueError: if a weight is negative, or there is nothing to share upon.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("weights cannot be negative")
    whole = sum(weights)
    if whole == 0:
        if total:
            raise ValueError("cannot share an amount upon nothing")
        return [0] * len(weights)
    size = abs(total)
    shares = [size * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(size * weights[i] % whole))
    for index in by_remainder[: size - sum(shares)]:
        shares[index] += 1
    return shares if total >= 0 else [-share for share in shares]


def format_number(value: Decimal | int, decimals: int = 0) -> str:
    """Write a number the French way: narrow spaces, comma, and at least so many decimals.

    Decimals beyond that are written when they are not zero: 2.750 → « 2,75 ».
    """
    if isinstance(value, float):
        raise TypeError("an amount is never a float")
    whole, _point, fraction = f"{Decimal(value).copy_abs():f}".partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    text = f"{int(whole):,}".replace(",", NARROW_SPACE) + (f",{fraction}" if fraction else "")
    return MINUS + text if value < 0 else text


def format_figure(amount: int, currency: str = "XOF") -> str:
    """Write an amount of minor units without its unit, as in a column of figures."""
    return format_number(to_major(amount, currency), get_currency(currency).exponent)


def format_amount(amount: int, currency: str = "XOF") -> str:
    """Write an amount of minor units with its unit: « 1 475 000 F CFA », « 1 234,56 € »."""
    return f"{format_figure(amount, currency)}{FIXED_SPACE}{get_currency(currency).symbol}"


def format_short(amount: int, currency: str = "XOF") -> str:
    """Write an amount of minor units with its short unit: « 1 475 000 F »."""
    return f"{format_figure(amount, currency)}{FIXED_SPACE}{get_currency(currency).short_symbol}"


def format_price(price: Decimal, currency: str = "XOF") -> str:
    """Write a unit price of minor units, which may hold fractions of one: 0.35 → « 0,35 »."""
    exponent = get_currency(currency).exponent
    return format_number(Decimal(price).scaleb(-exponent), exponent)


def format_percent(rate: Decimal) -> str:
    """Write a percentage: 7.50 → « 7,5 % »."""
    return f"{format_number(rate)}{FIXED_SPACE}%"


def amount_in_words(amount: int, currency: str = "XOF") -> str:
    """Say an amount of minor units in French: « deux millions de francs CFA »."""
    unit = get_currency(currency)
    major, minor = divmod(abs(amount), unit.scale)
    words = _count(major, unit.name, unit.plural_name, is_feminine=currency in _FEMININE)
    if minor:
        plural = _IRREGULAR_PLURALS.get(unit.minor_name, f"{unit.minor_name}s")
        cents = _count(minor, unit.minor_name, plural)
        words = f"{words} et {cents}" if major else cents
    return f"moins {words}" if amount < 0 else words


def _count(number: int, name: str, plural_name: str, *, is_feminine: bool = False) -> str:
    words = num2words(number, lang="fr")
    if is_feminine and (words == "un" or words.endswith((" un", "-un"))):
        words += "e"
    if number >= 10**6 and number % 10**6 == 0:
        words += " d’" if plural_name[0] in "aeiou" else " de "
        return words + plural_name
    return f"{words} {plural_name if number > 1 else name}"


_TYPED = re.compile(r"([-−]?)([0-9]{1,15})(?:[.,]([0-9]{1,15}))?([^0-9.,]*)", re.ASCII)


def parse_amount(text: str, currency: str = "XOF") -> int:
    """Read an amount typed by a person, in minor units: « 1 475 000 F CFA » → 1475000.

    Spaces of any kind and the unit may be there or not.

    :raises UnreadableAmount: if it is no number, or has more decimals than the currency.
    """
    unit = get_currency(currency)
    match = _TYPED.fullmatch(_squeeze(text))
    if match is None or match[4] not in _typed_units(unit):
        raise UnreadableAmount(_("Saisissez un montant, par exemple 150 000."))
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    if len(fraction) > unit.exponent:
        raise UnreadableAmount(
            _("Cette monnaie n’a pas de centimes : saisissez un montant entier.")
            if unit.exponent == 0
            else _("Ce montant a trop de décimales.")
        )
    size = int(whole) * unit.scale + int(fraction.ljust(unit.exponent, "0") or 0)
    return -size if sign else size


def _typed_units(unit: Currency) -> set[str]:
    names = {"", unit.code, unit.symbol, unit.short_symbol, unit.name, unit.plural_name}
    if unit.symbol == _CFA:
        names.add("CFA")
    return {_squeeze(name) for name in names}


def _squeeze(text: str) -> str:
    return "".join(text.split()).upper()
