"""Which options of a quote are taken, and what the quote comes to with them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from billing.invoicing.models import Quote, QuoteInstalment, QuoteLine
from billing.invoicing.plans import plan_amounts
from billing.invoicing.services.plans import instalments_of, parts_of
from billing.invoicing.services.refusal import Refused
from billing.invoicing.sums import compute, lines_of, set_sums, terms_of
from billing.invoicing.taxes import kept_taxes, tax_amounts
from core.money import format_amount


class CannotDecide(Refused):
    """The quote waits for no answer any more, or the answer lacks its name or its reason."""


class TotalChanged(CannotDecide):
    """The quote does not come to what the person read; `total` is what it comes to."""

    def __init__(self, message: str, total: int) -> None:
        super().__init__(message)
        self.total = total


@dataclass(frozen=True)
class Choice:
    """A quote with the options taken, priced in memory: its lines and plan, nothing saved."""

    quote: Quote
    lines: list[Any]
    instalments: list[QuoteInstalment]

    @property
    def options(self) -> list[QuoteLine]:
        """Return the lines that may be taken or left."""
        return [line for line in self.lines if line.is_option]

    @property
    def taken(self) -> list[QuoteLine]:
        """Return the options taken."""
        return [line for line in self.options if line.is_chosen]


def price_choice(quote: Quote, option_ids: Collection[int] | None = None) -> Choice:
    """Put the sums of a quote on it as they are with these options; the caller may save them.

    None leaves everything as it is kept.

    :raises CannotDecide: if one of them is no option of this quote.
    """
    lines: list[Any] = lines_of(quote)
    rows = instalments_of(quote)
    options = [line for line in lines if line.is_option]
    if option_ids is None:
        return Choice(quote, lines, rows)
    if set(option_ids) - {line.pk for line in options}:
        raise CannotDecide(_("Une option choisie n’est pas dans ce devis : relisez la page."))
    if not options:
        return Choice(quote, lines, rows)
    for line in options:
        line.is_chosen = line.pk in option_ids
    totals = compute(lines, terms_of(quote))
    for line, sums in zip(lines, totals.lines, strict=True):
        line.net = sums.net
    set_sums(quote, totals.groups, tax_amounts(kept_taxes(quote), totals.groups))
    for row, amount in zip(rows, plan_amounts(quote.total, parts_of(rows)), strict=True):
        row.amount = amount
    return Choice(quote, lines, rows)


def keep_choice(quote: Quote, option_ids: Collection[int], seen: int | None) -> Choice:
    """Write the options taken of a locked quote that is being accepted, and all that follows.

    `seen` is the total that the person read, in units of the currency. The caller saves the
    sums of the quote.

    :raises CannotDecide: if one of them is no option of this quote.
    :raises TotalChanged: if the quote comes to another total.
    """
    choice = price_choice(quote, option_ids)
    if seen is not None and seen != quote.total:
        text = _("Avec ce choix, le total est de %(total)s : vérifiez-le, puis acceptez.")
        amount = format_amount(quote.total, quote.currency)
        raise TotalChanged(text % {"total": amount}, quote.total)
    if choice.options:
        for name in ("is_chosen", "net"):  # the database lets each change by itself
            QuoteLine.objects.bulk_update(choice.lines, [name])
        QuoteInstalment.objects.bulk_update(choice.instalments, ["amount"])
    return choice


def words_of(choice: Choice) -> str:
    """Say which options were taken, for the sentence that is agreed to; nothing without any."""
    if not choice.options:
        return ""
    if not choice.taken:
        return _(", sans option")
    names = [f"{line.label} ({amount})" for line, amount in _amounts(choice)]
    return _(", avec les options suivantes : %(names)s") % {"names": " ; ".join(names)}


def options_of(choice: Choice) -> list[dict[str, str]]:
    """Return the options taken as the proof keeps them: a name and an amount in words."""
    return [{"label": line.label, "amount": amount} for line, amount in _amounts(choice)]


def _amounts(choice: Choice) -> list[tuple[QuoteLine, str]]:
    quote = choice.quote
    totals = compute(choice.lines, terms_of(quote))
    word = _("TTC") if quote.price_includes_vat else _("HT")
    return [
        (line, f"{format_amount(sums.amount, quote.currency)} {word}")
        for line, sums in zip(choice.lines, totals.lines, strict=True)
        if line.is_option and line.is_chosen
    ]
