"""Taking a part of an invoice without losing a franc: credit notes and deposits.

All amounts are positive integers of the minor unit, per VAT rate.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from billing.invoicing.figures import check_figure
from billing.invoicing.totals import VatGroup, vat_on
from core.money import round_half_up, split_amount


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
        return replace(invoiced, base=base, vat=invoiced.vat - vat_before)
    vat_after = min(vat_on(base_after, invoiced.rate), invoiced.vat)
    return replace(invoiced, base=base, vat=vat_after - vat_before)


def credit_tax(invoiced: int, credited: int, *, part: int, whole: int) -> int:
    """Credit the part of a tax beside VAT that goes with `part` of the TTC of an invoice.

    `part` counts all that is credited so far and now, out of `whole`; `credited` is what
    earlier credit notes took of the tax. The last one takes the last franc of it.
    """
    after = invoiced if part >= whole else round_half_up(Fraction(invoiced * part, whole))
    return after - credited


def deposit_groups(groups: Iterable[VatGroup], percent: Decimal) -> tuple[VatGroup, ...]:
    """Take a percentage of each rate of a document as the sums of a deposit invoice."""
    check_figure("percent", percent, decimals=4, limit=100)
    share = Fraction(percent) / 100
    parts = ((group, round_half_up(group.base * share)) for group in groups)
    return tuple(
        replace(group, base=base, vat=min(vat_on(base, group.rate), group.vat))
        for group, base in parts
    )


def share_groups(groups: Iterable[VatGroup], total: int) -> tuple[VatGroup, ...]:
    """Take a part of a document as large as `total`, all taxes in, in proportion to its rates.

    The parts add up to `total` exactly.

    :raises ExceedsInvoice: if it is not positive, or above the document.
    """
    rows = list(groups)
    if not 0 < total <= sum(group.total for group in rows):
        raise ExceedsInvoice
    shares = split_amount(total, [group.total for group in rows])
    return tuple(_part_of(group, share) for group, share in zip(rows, shares, strict=True) if share)


def _part_of(group: VatGroup, total: int) -> VatGroup:
    if total == group.total:
        return group
    base = round_half_up(Fraction(total * 100) / (100 + Fraction(group.rate)))
    base = min(max(base, total - group.vat), group.base)
    return replace(group, base=base, vat=total - base)


def remaining_groups(
    groups: Iterable[VatGroup], deposits: Iterable[VatGroup]
) -> tuple[VatGroup, ...]:
    """Take the deposits off the full sums of a final invoice, rate by rate.

    The rest is a difference and takes what rounding left; it is never computed again.

    :raises ExceedsInvoice: if deposits are above the full sums, or of a rate not there.
    """
    left = {group.key: group for group in groups}
    for deposit in deposits:
        group = left.get(deposit.key)
        if group is None or deposit.base > group.base or deposit.vat > group.vat:
            raise ExceedsInvoice
        left[deposit.key] = replace(
            group, base=group.base - deposit.base, vat=group.vat - deposit.vat
        )
    return tuple(left.values())
