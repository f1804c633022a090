"""Taking a part of an invoice without losing a franc: credit notes and deposits.

All amounts are positive integers of the minor unit, per VAT rate.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from billing.invoicing.figures import check_figure
from billing.invoicing.totals import VatGroup, vat_on
from core.money import round_half_up


def _(message: str) -> str:
    """Mark a message for translation; whoever shows it translates it."""
    return message


class ExceedsInvoice(ValueError):
    """A credit note or a deposit takes more than what is left of the invoice."""

    message = _("Ce montant dépasse ce qui reste de la facture.")

    def __init__(self) -> None:
        super().__init__(self.message)


def credit_group(invoiced: VatGroup, credited: Iterable[VatGroup], base: int) -> VatGroup:
    """Credit a part of the HT of one rate of an invoice, all positive.

    VAT follows the sum credited so far, so that the credit note which takes the last
    franc of HT also takes the last franc of VAT.

    :raises ExceedsInvoice: if less HT than `base` is left.
    """
    earlier = list(credited)
    vat_before = sum(group.vat for group in earlier)
    base_after = base + sum(group.base for group in earlier)
    if base < 0 or base_after > invoiced.base:
        raise ExceedsInvoice
    if base_after == invoiced.base:
        return VatGroup(invoiced.rate, base, invoiced.vat - vat_before)
    vat_after = min(vat_on(base_after, invoiced.rate), invoiced.vat)
    return VatGroup(invoiced.rate, base, vat_after - vat_before)


def deposit_groups(groups: Iterable[VatGroup], percent: Decimal) -> tuple[VatGroup, ...]:
    """Take a percentage of each rate of a document as the sums of a deposit invoice."""
    check_figure("percent", percent, decimals=4, limit=100)
    share = Fraction(percent) / 100
    deposits = ((group.rate, round_half_up(group.base * share)) for group in groups)
    return tuple(VatGroup(rate, base, vat_on(base, rate)) for rate, base in deposits)


def remaining_groups(
    groups: Iterable[VatGroup], deposits: Iterable[VatGroup]
) -> tuple[VatGroup, ...]:
    """Take the deposits off the full sums of a final invoice, rate by rate.

    The rest is a difference and takes what rounding left; it is never computed again.

    :raises ExceedsInvoice: if deposits are above the full sums, or of a rate not there.
    """
    left = {group.rate: group for group in groups}
    for deposit in deposits:
        group = left.get(deposit.rate)
        if group is None or deposit.base > group.base or deposit.vat > group.vat:
            raise ExceedsInvoice
        left[deposit.rate] = VatGroup(
            group.rate, group.base - deposit.base, group.vat - deposit.vat
        )
    return tuple(left.values())
