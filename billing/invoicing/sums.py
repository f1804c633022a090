"""The sums of a paper: computed from its lines while a draft, read as kept once issued.

Amounts are whole units of the paper's currency.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from billing.invoicing.models.lines import Paper, PaperLine
from billing.invoicing.totals import DocumentInput, LineInput, Totals, VatGroup, compute_totals


def lines_of(paper: Any) -> list[PaperLine]:
    """Return the lines of a paper, in their order."""
    return list(paper.lines.order_by("sort_order", "pk"))


def compute(lines: Sequence[PaperLine], discount_percent: Decimal) -> Totals:
    """Compute the sums of lines as they stand.

    :raises billing.invoicing.figures.InvalidFigure: if a figure cannot be used.
    """
    inputs = [
        LineInput(
            quantity=line.quantity,
            unit_price=line.unit_price,
            vat_rate=line.vat_rate,
            discount_percent=line.discount_percent,
        )
        for line in lines
    ]
    return compute_totals(DocumentInput(lines=inputs, discount_percent=discount_percent))


def kept_sums(paper: Paper, lines: Sequence[PaperLine]) -> Totals:
    """Return the sums of a paper as it keeps them; lines only tell how they were reached."""
    return replace(
        compute(lines, paper.discount_percent),
        groups=kept_groups(paper),
        total_net=paper.total_net,
        total_vat=paper.total_vat,
        total=paper.total,
        payable=paper.total,
    )


def kept_groups(paper: Paper) -> tuple[VatGroup, ...]:
    """Return the base and VAT per rate that a paper keeps."""
    return tuple(
        VatGroup(Decimal(group["rate"]), group["base"], group["vat"]) for group in paper.vat_groups
    )


def set_sums(paper: Paper, groups: Iterable[VatGroup]) -> None:
    """Put sums per rate on a paper, and their totals; the caller saves it."""
    groups = list(groups)
    paper.vat_groups = [
        {"rate": f"{group.rate:.2f}", "base": group.base, "vat": group.vat} for group in groups
    ]
    paper.total_net = sum(group.base for group in groups)
    paper.total_vat = sum(group.vat for group in groups)
    paper.total = paper.total_net + paper.total_vat


SUMS = ("vat_groups", "total_net", "total_vat", "total")
