"""What the FNE is told comes to our sums, to the franc, or is refused before it leaves."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from billing.fiscal.providers.base import Customer, RateSum, Rejected, Sale, SaleLine
from billing.fiscal.providers.fne.amounts import certified_items, expected_sums, tell
from billing.invoicing.totals import DocumentInput, LineInput, compute_totals

CODES = {Decimal(18): "TVA", Decimal(9): "TVAB", Decimal(0): "TVAC"}
BUYER = Customer("Sika", "company", ncc="7654321B", phone="+22507", email="a@b.ci")


def sale_of(document):
    """Describe a document of our own sums as a sale."""
    totals = compute_totals(document)
    lines = [
        SaleLine(
            reference=str(rank),
            label="Ligne",
            quantity=line.quantity,
            unit_price=line.unit_price,
            vat_rate=line.vat_rate,
            vat_code=CODES[line.vat_rate],
            weight=total.net,
            discount_percent=line.discount_percent,
        )
        for rank, (line, total) in enumerate(zip(document.lines, totals.lines, strict=True))
    ]
    is_fixed = document.discount_amount or any(line.discount_amount for line in document.lines)
    return totals, Sale(
        number="FAC-2026-0001",
        customer=BUYER,
        lines=lines,
        sums=[RateSum(group.rate, group.base, group.vat) for group in totals.groups],
        discount_percent=document.discount_percent,
        is_as_typed=not (is_fixed or document.price_includes_tax),
    )


def line(price, quantity="1", rate=18, **values):
    return LineInput(Decimal(quantity), Decimal(price), Decimal(rate), **values)


def test_the_example_of_the_guide_is_told_as_typed():
    document = DocumentInput([line("1000000"), line("450000")], discount_percent=Decimal(5))
    totals, sale = sale_of(document)

    told = tell(sale)

    assert [(item.price, item.discount) for item in told.items] == [
        (Decimal("1000000.0000"), 0),
        (Decimal("450000.0000"), 0),
    ]
    assert told.discount == 5
    sums = expected_sums(sale, told)
    assert (sums.net, sums.vat, sums.total) == (1_377_500, 247_950, 1_625_450)
    assert (totals.total_vat, totals.total) == (247_950, 1_625_450)


def test_a_fixed_discount_becomes_unit_prices():
    document = DocumentInput([line("1000000"), line("250000", "2")], discount_amount=100_000)
    _totals, sale = sale_of(document)

    told = tell(sale)

    assert told.discount == 0
    assert [item.price for item in told.items] == [Decimal("933333.0000"), Decimal("233333.5000")]
    assert expected_sums(sale, told).total == 1_652_000


def test_prices_with_tax_keep_their_total():
    document = DocumentInput([line("1000")], price_includes_tax=True)
    _totals, sale = sale_of(document)

    told = tell(sale)

    assert told.items[0].price == Decimal("847.4576")
    sums = expected_sums(sale, told)
    assert (sums.net, sums.vat, sums.total) == (847, 153, 1000)


def test_a_balance_that_takes_the_rounding_is_told_with_a_remark():
    lines = [SaleLine("1", "Site", Decimal(1), Decimal(333_337), Decimal(18), "TVA", 100_002)]
    sale = Sale("FAC-2026-0003", BUYER, lines, [RateSum(Decimal(18), 100_002, 18_001)])

    told = tell(sale)

    assert expected_sums(sale, told).total == 118_003
    assert told.note != ""


def test_what_four_decimals_cannot_reach_is_refused():
    document = DocumentInput([line("0.3333", "999999")], discount_amount=7)
    _totals, sale = sale_of(document)

    with pytest.raises(Rejected, match="quatre décimales"):
        tell(sale)


def test_certified_lines_add_up_to_each_base():
    document = DocumentInput([line("33.3333", "3"), line("100.5", "7")])
    totals, sale = sale_of(document)

    items = certified_items(sale, tell(sale))

    assert sum(item.net for item in items) == totals.total_net


amounts = some.decimals(min_value=1, max_value=2_000_000, places=2)
quantities = some.decimals(min_value=Decimal("0.5"), max_value=500, places=1)
percents = some.sampled_from([Decimal(0), Decimal(5), Decimal("12.5"), Decimal(20)])
some_lines = some.lists(
    some.builds(
        LineInput,
        quantity=quantities,
        unit_price=amounts,
        vat_rate=some.sampled_from(sorted(CODES)),
        discount_percent=percents,
        discount_amount=some.sampled_from([0, 0, 17]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=150, deadline=None)
@given(some_lines, percents, some.sampled_from([0, 0, 1, 999]), some.booleans())
def test_what_is_told_is_ours_to_the_franc_or_refused(lines, percent, amount, with_tax):
    document = DocumentInput(
        lines, discount_percent=percent, discount_amount=amount, price_includes_tax=with_tax
    )
    totals, sale = sale_of(document)

    try:
        told = tell(sale)
    except Rejected:
        return

    sums = expected_sums(sale, told)
    assert sums.total == totals.total
    assert abs(sums.vat - totals.total_vat) <= 1
    assert all(item.price == round(item.price, 4) for item in told.items)
    nets = sum((Fraction(item.net) for item in certified_items(sale, told)), Fraction(0))
    assert nets == totals.total_net
