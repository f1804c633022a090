"""Which figures a document accepts, without Django: exact, positive, and of a sane size."""

from decimal import Decimal
from fractions import Fraction

LARGEST = 10**12  # minor units; far below what the database column holds
MOST_DIGITS = 30  # after the point, zeros included: 1E-999999999 would fill the memory


def _(message: str) -> str:
    """Mark a message for translation; whoever shows it translates it."""
    return message


MESSAGES = {
    "not_exact": _("Saisissez un nombre exact."),
    "not_a_number": _("Saisissez un nombre."),
    "negative": _("Ce nombre ne peut pas être négatif."),
    "too_large": _("Ce nombre est trop grand."),
    "too_precise": _("Ce nombre a trop de décimales."),
}


class InvalidFigure(ValueError):
    """A figure of a document cannot be used.

    `code` is a key of MESSAGES, `figure` names the field, and `line` counts from zero.
    """

    def __init__(self, code: str, figure: str, line: int | None = None) -> None:
        super().__init__(MESSAGES[code])
        self.code = code
        self.message = MESSAGES[code]
        self.figure = figure
        self.line = line


def check_figure(
    name: str,
    value: Decimal | int,
    *,
    line: int | None = None,
    decimals: int = 0,
    limit: int = LARGEST,
) -> None:
    """Refuse a quantity, price or percentage that no document can hold.

    :raises InvalidFigure: if it is not exact, not finite, negative, above the limit,
        or has more decimals than allowed.
    """
    if not isinstance(value, Decimal | int):
        raise InvalidFigure("not_exact", name, line)
    number = Decimal(value)
    if not number.is_finite():
        raise InvalidFigure("not_a_number", name, line)
    if number < 0:
        raise InvalidFigure("negative", name, line)
    if number > limit:
        raise InvalidFigure("too_large", name, line)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101  finite, as seen above
    if exponent < -MOST_DIGITS or Fraction(number) * 10**decimals % 1:
        raise InvalidFigure("too_precise", name, line)


def check_amount(name: str, value: int, *, line: int | None = None) -> None:
    """Refuse an amount which is not a whole, positive number of minor units.

    :raises InvalidFigure: if it is not an integer, is negative, or is above the limit.
    """
    if not isinstance(value, int):
        raise InvalidFigure("not_exact", name, line)
    check_figure(name, value, line=line)
