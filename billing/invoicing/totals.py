"""The sums of a quote, an invoice or a credit note, without Django.

Amounts are integers of the currency's minor unit. Unit prices are decimals of the
same unit with up to four decimals: 1003 is 1 003 F in XOF and 10,03 € in EUR.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from billing.invoicing.figures import LARGEST, InvalidFigure, check_amount, check_figure
from core.money import round_half_up, split_amount

VatKey = tuple[Decimal, str]  # a rate in percent, and the nature of a rate of zero


@dataclass(frozen=True)
class LineInput:
    """What is asked of one line: the percentage is taken off first, then the amount.

    A line which does not count, an option that nobody took, has an amount and changes no sum.
    """

    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal = Decimal(0)
    discount_percent: Decimal = Decimal(0)
    discount_amount: int = 0
    is_counted: bool = True
    vat_code: str = ""


@dataclass(frozen=True)
class OtherTax:
    """A tax which is neither VAT nor its base, such as AIRSI: a percentage of TTC or HT."""

    label: str
    rate: Decimal
    is_on_total: bool = True


@dataclass(frozen=True)
class DocumentInput:
    """Everything the sums of a document depend on.

    `cash_stamp` counts only when `is_cash`; `withholding_rate` is a percentage of HT
    which the client keeps back and pays to the State.
    """

    lines: Sequence[LineInput]
    discount_percent: Decimal = Decimal(0)
    discount_amount: int = 0
    price_includes_tax: bool = False
    withholding_rate: Decimal = Decimal(0)
    other_taxes: Sequence[OtherTax] = ()
    is_cash: bool = False
    cash_stamp: int = 0


@dataclass(frozen=True)
class LineTotal:
    """A line as shown (`amount`), after the document's discount (`discounted`), and in HT (`net`).

    The first two are in HT, or in TTC when prices include tax. `discount` is the
    line's own.
    """

    amount: int
    discount: int
    discounted: int
    net: int
    vat_rate: Decimal
    vat_code: str = ""


@dataclass(frozen=True)
class VatGroup:
    """The lines of one VAT rate together: their base in HT and their VAT.

    `code` is the nature of a rate of zero, such as an export: two natures are two groups.
    """

    rate: Decimal
    base: int
    vat: int
    code: str = ""

    @property
    def total(self) -> int:
        return self.base + self.vat

    @property
    def key(self) -> VatKey:
        """What tells this group from the others of a document."""
        return self.rate, self.code


@dataclass(frozen=True)
class TaxTotal:
    """What an other tax comes to."""

    label: str
    amount: int


@dataclass(frozen=True)
class Totals:
    """The sums of a document; `payable` is what the client really has to pay."""

    lines: tuple[LineTotal, ...]
    groups: tuple[VatGroup, ...]
    subtotal: int
    discount: int
    total_net: int
    total_vat: int
    total: int
    other_taxes: tuple[TaxTotal, ...] = ()
    cash_stamp: int = 0
    withholding: int = 0
    payable: int = 0


def compute_totals(document: DocumentInput) -> Totals:
    """Compute the sums of a document, each figure rounded once, halves away from zero.

    VAT is computed once per rate on the sum of its lines, so the order of the lines
    never changes a total.

    :raises InvalidFigure: if a figure is negative, not a number, too precise or too large.
    """
    _check_document(document)
    lines = [_line_amount(line, index) for index, line in enumerate(document.lines)]
    amounts = [
        amount if line.is_counted else 0
        for (amount, _discount), line in zip(lines, document.lines, strict=True)
    ]
    subtotal = sum(amounts)
    discount = _document_discount(document, subtotal)
    shares = _spread(discount, amounts, document.lines)
    discounted = [amount - share for amount, share in zip(amounts, shares, strict=True)]
    groups = _groups(document, discounted)
    nets = _line_nets(document, discounted, groups)
    totals = [
        LineTotal(amount, line_discount, left, net, line.vat_rate, line.vat_code)
        for (amount, line_discount), left, net, line in zip(
            lines, discounted, nets, document.lines, strict=True
        )
    ]
    return _close(document, tuple(totals), groups, subtotal, discount)


def negate(totals: Totals) -> Totals:
    """Turn the sums of an invoice into those of the credit note which cancels it whole."""
    return Totals(
        lines=tuple(
            replace(
                line,
                amount=-line.amount,
                discount=-line.discount,
                discounted=-line.discounted,
                net=-line.net,
            )
            for line in totals.lines
        ),
        groups=tuple(replace(group, base=-group.base, vat=-group.vat) for group in totals.groups),
        subtotal=-totals.subtotal,
        discount=-totals.discount,
        total_net=-totals.total_net,
        total_vat=-totals.total_vat,
        total=-totals.total,
        other_taxes=tuple(TaxTotal(tax.label, -tax.amount) for tax in totals.other_taxes),
        cash_stamp=-totals.cash_stamp,
        withholding=-totals.withholding,
        payable=-totals.payable,
    )


def vat_key(rate: Decimal, code: str) -> VatKey:
    """Return the group of a line: the nature only counts where there is no VAT."""
    return rate, "" if rate else code


def vat_on(base: int, rate: Decimal) -> int:
    """Compute the VAT of a base in HT at a rate in percent."""
    return round_half_up(Fraction(base) * Fraction(rate) / 100)


def _check_document(document: DocumentInput) -> None:
    for index, line in enumerate(document.lines):
        check_figure("quantity", line.quantity, line=index, decimals=3)
        check_figure("unit_price", line.unit_price, line=index, decimals=4)
        check_figure("vat_rate", line.vat_rate, line=index, decimals=4, limit=100)
        check_figure("discount_percent", line.discount_percent, line=index, decimals=4, limit=100)
        check_amount("discount_amount", line.discount_amount, line=index)
    check_figure("discount_percent", document.discount_percent, decimals=4, limit=100)
    check_amount("discount_amount", document.discount_amount)
    check_figure("withholding_rate", document.withholding_rate, decimals=4, limit=100)
    check_amount("cash_stamp", document.cash_stamp)
    for tax in document.other_taxes:
        check_figure("rate", tax.rate, decimals=4, limit=100)


def _line_amount(line: LineInput, index: int) -> tuple[int, int]:
    full = Fraction(line.quantity) * Fraction(line.unit_price)
    if full > LARGEST:
        raise InvalidFigure("too_large", "amount", index)
    reduced = round_half_up(full * (100 - Fraction(line.discount_percent)) / 100)
    amount = max(reduced - line.discount_amount, 0)
    return amount, round_half_up(full) - amount


def _document_discount(document: DocumentInput, subtotal: int) -> int:
    if subtotal > LARGEST:
        raise InvalidFigure("too_large", "total")
    by_percent = round_half_up(subtotal * Fraction(document.discount_percent) / 100)
    return min(by_percent + document.discount_amount, subtotal)


def _spread(amount: int, weights: Sequence[int], lines: Sequence[LineInput]) -> list[int]:
    """Share upon lines; ties go by rate and weight, so that their order changes no total."""
    order = sorted(
        range(len(lines)), key=lambda i: (-lines[i].vat_rate, lines[i].vat_code, -weights[i])
    )
    shares = [0] * len(lines)
    split = split_amount(amount, [weights[index] for index in order])
    for index, share in zip(order, split, strict=True):
        shares[index] = share
    return shares


def _groups(document: DocumentInput, discounted: Sequence[int]) -> tuple[VatGroup, ...]:
    sums: dict[VatKey, int] = {}
    for line, amount in zip(document.lines, discounted, strict=True):
        if not line.is_counted:
            continue
        key = vat_key(line.vat_rate, line.vat_code)
        sums[key] = sums.get(key, 0) + amount
    keys = sorted(sums, key=lambda key: (-key[0], key[1]))
    return tuple(_group(key, sums[key], document.price_includes_tax) for key in keys)


def _group(key: VatKey, amount: int, includes_tax: bool) -> VatGroup:
    rate, code = key
    if not includes_tax:
        return VatGroup(rate, amount, vat_on(amount, rate), code)
    base = round_half_up(Fraction(amount) * 100 / (100 + Fraction(rate)))
    return VatGroup(rate, base, amount - base, code)


def _line_nets(
    document: DocumentInput, discounted: Sequence[int], groups: Sequence[VatGroup]
) -> list[int]:
    if not document.price_includes_tax:
        return list(discounted)
    nets = [0] * len(discounted)
    for group in groups:
        members = [
            index
            for index, line in enumerate(document.lines)
            if line.is_counted and vat_key(line.vat_rate, line.vat_code) == group.key
        ]
        shares = split_amount(group.base, [discounted[index] for index in members])
        for index, share in zip(members, shares, strict=True):
            nets[index] = share
    return nets


def _close(
    document: DocumentInput,
    lines: tuple[LineTotal, ...],
    groups: tuple[VatGroup, ...],
    subtotal: int,
    discount: int,
) -> Totals:
    net = sum(group.base for group in groups)
    vat = sum(group.vat for group in groups)
    total = net + vat
    taxes = tuple(
        TaxTotal(tax.label, vat_on(total if tax.is_on_total else net, tax.rate))
        for tax in document.other_taxes
    )
    stamp = document.cash_stamp if document.is_cash else 0
    withholding = vat_on(net, document.withholding_rate)
    payable = total + sum(tax.amount for tax in taxes) + stamp - withholding
    return Totals(
        lines, groups, subtotal, discount, net, vat, total, taxes, stamp, withholding, payable
    )
