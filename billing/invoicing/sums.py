"""The sums of a paper: computed from its lines while a draft, read as kept once issued.

Amounts are whole units of the paper's currency.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from billing.invoicing.models.lines import Paper, PaperLine
from billing.invoicing.portions import remaining_groups
from billing.invoicing.taxes import Tax, kept_taxes, tax_amounts, taxes_of
from billing.invoicing.totals import (
    DocumentInput,
    LineInput,
    TaxTotal,
    Totals,
    VatGroup,
    compute_totals,
)

SUMS = ("vat_groups", "total_net", "total_vat", "total", "taxes", "total_added", "total_withheld")
NO_TAXES: tuple[Tax, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What the sums of a paper depend on beside its lines."""

    discount_percent: Decimal = Decimal(0)
    discount_amount: int = 0
    price_includes_vat: bool = False


def lines_of(paper: Any) -> list[PaperLine]:
    """Return the lines of a paper, in their order."""
    return list(paper.lines.order_by("sort_order", "pk"))


def terms_of(paper: Any) -> Terms:
    """Return the discounts of a paper, and what its prices are in."""
    return Terms(paper.discount_percent, paper.discount_amount, paper.price_includes_vat)


def compute(lines: Sequence[Any], terms: Terms) -> Totals:
    """Compute the sums of lines as they stand, VAT in, without the taxes beside it.

    :raises billing.invoicing.figures.InvalidFigure: if a figure cannot be used.
    """
    inputs = [
        LineInput(
            quantity=line.quantity,
            unit_price=line.unit_price,
            vat_rate=line.vat_rate,
            discount_percent=line.discount_percent,
            discount_amount=line.discount_amount,
            vat_code=line.vat_code,
            is_counted=getattr(line, "is_counted", True),
        )
        for line in lines
    ]
    return compute_totals(
        DocumentInput(
            lines=inputs,
            discount_percent=terms.discount_percent,
            discount_amount=terms.discount_amount,
            price_includes_tax=terms.price_includes_vat,
        )
    )


def draft_sums(paper: Any, lines: Sequence[PaperLine], *, on: date) -> Totals:
    """Compute the sums of a draft as they would be on a day, for a page that shows it.

    Groups and totals are those of the lines; `payable` is what is left after deposits and taxes.

    :raises billing.invoicing.figures.InvalidFigure: if a figure cannot be used.
    :raises billing.invoicing.portions.ExceedsInvoice: if deposits are above the lines.
    """
    totals = compute(lines, terms_of(paper))
    rest = remaining_groups(totals.groups, deducted_groups(paper) if lines else [])
    taxes = tax_amounts(taxes_of(paper, on), rest)
    return _with_taxes(totals, taxes)


def kept_sums(paper: Paper, lines: Sequence[PaperLine]) -> Totals:
    """Return the sums of a paper as it keeps them; lines only tell how they were reached.

    Those of a final invoice are the full ones, before its deposits.
    """
    groups = full_groups(paper)
    net, vat = sum(group.base for group in groups), sum(group.vat for group in groups)
    totals = replace(
        compute(lines, terms_of(paper)),
        groups=groups,
        total_net=net,
        total_vat=vat,
        total=net + vat,
    )
    return _with_taxes(totals, kept_taxes(paper))


def _with_taxes(totals: Totals, taxes: Sequence[Tax]) -> Totals:
    added = tuple(TaxTotal(tax.title, tax.amount) for tax in taxes if tax.is_added)
    withheld = sum(tax.amount for tax in taxes if not tax.is_added)
    payable = totals.total + sum(tax.amount for tax in added) - withheld
    return replace(totals, other_taxes=added, withholding=withheld, payable=payable)


def kept_groups(paper: Paper) -> tuple[VatGroup, ...]:
    """Return the base and VAT per rate that a paper keeps; of a final invoice, what was left."""
    return read_groups(paper.vat_groups)


def full_groups(paper: Any) -> tuple[VatGroup, ...]:
    """Return the base and VAT per rate of the lines of a paper: what it keeps, and its deposits."""
    groups = {group.key: group for group in kept_groups(paper)}
    for taken in deducted_groups(paper):
        group = groups.get(taken.key) or replace(taken, base=0, vat=0)
        groups[taken.key] = replace(group, base=group.base + taken.base, vat=group.vat + taken.vat)
    return tuple(groups.values())


def deducted_groups(paper: Any) -> list[VatGroup]:
    """Return the deposits that a final invoice takes off, per rate; none for other papers."""
    if getattr(paper, "kind", "") != "final" or paper.pk is None:
        return []
    return [group for row in paper.deductions.all() for group in read_groups(row.groups)]


def read_groups(stored: Iterable[dict[str, Any]]) -> tuple[VatGroup, ...]:
    """Read groups back from their JSON; those of older papers tell no nature."""
    return tuple(
        VatGroup(Decimal(group["rate"]), group["base"], group["vat"], group.get("code", ""))
        for group in stored
    )


def write_groups(groups: Iterable[VatGroup]) -> list[dict[str, Any]]:
    """Write groups as the JSON that papers keep."""
    rows = []
    for group in groups:
        row = {"rate": f"{group.rate:.2f}", "base": group.base, "vat": group.vat}
        rows.append({**row, "code": group.code} if group.code else row)
    return rows


def set_sums(paper: Paper, groups: Iterable[VatGroup], taxes: Sequence[Tax] = NO_TAXES) -> None:
    """Put sums per rate and the taxes beside VAT on a paper, and their totals.

    The caller saves the columns of SUMS.
    """
    groups = list(groups)
    paper.vat_groups = write_groups(groups)
    paper.total_net = sum(group.base for group in groups)
    paper.total_vat = sum(group.vat for group in groups)
    paper.total = paper.total_net + paper.total_vat
    paper.taxes = [tax.as_json() for tax in taxes]
    paper.total_added = sum(tax.amount for tax in taxes if tax.is_added)
    paper.total_withheld = sum(tax.amount for tax in taxes if not tax.is_added)
