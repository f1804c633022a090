"""The sums of a document, franc by franc."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoicing.figures import LARGEST, InvalidFigure
from billing.invoicing.totals import (
    DocumentInput,
    LineInput,
    OtherTax,
    TaxTotal,
    VatGroup,
    compute_totals,
    negate,
    vat_on,
)

D = Decimal
FULL, REDUCED, NONE = D(18), D(9), D(0)


def line(quantity, price, rate=FULL, percent=0, amount=0):
    return LineInput(D(quantity), D(price), rate, D(percent), amount)


I07 = [line(1, 99_999), line(1, 50_001, REDUCED), line(1, 10_001, NONE)]
STAMPED = DocumentInput(
    [line(10, 4_990)],
    other_taxes=[OtherTax("AIRSI", D(5))],
    is_cash=True,
    cash_stamp=100,
)
CASES = {
    "I01 one line": (DocumentInput([line(1, 1_000_000)]), 1_000_000, 180_000, 1_180_000),
    "I02 half a franc of VAT": (DocumentInput([line(1, 25)]), 25, 5, 30),
    "I03 VAT once per rate": (DocumentInput([line(1, 1_003)] * 3), 3_009, 542, 3_551),
    "I04 decimal quantities": (
        DocumentInput([line("2.75", 12_500), line("0.333", 15_000)]),
        39_370,
        7_087,
        46_457,
    ),
    "I05 half a unit": (DocumentInput([line("0.5", 12_345)]), 6_173, 1_111, 7_284),
    "I06 discounted lines of two rates": (
        DocumentInput([line(1, 600_000, FULL, 10), line(1, 240_000, REDUCED, 10)]),
        756_000,
        116_640,
        872_640,
    ),
    "I07 a discount over three rates": (
        DocumentInput(I07, discount_percent=D(5)),
        152_001,
        21_375,
        173_376,
    ),
    "I08 a fixed discount": (
        DocumentInput([line(1, 33_333)] * 3, discount_amount=10_000),
        89_999,
        16_200,
        106_199,
    ),
    "I09 a discount is capped": (
        DocumentInput([line(1, 8_000)], discount_amount=10_000),
        0,
        0,
        0,
    ),
    "I10 tax included": (
        DocumentInput([line(1, 1_000)], price_includes_tax=True),
        847,
        153,
        1_000,
    ),
    "I11 tax included, three times": (
        DocumentInput([line(1, 15_000)] * 3, price_includes_tax=True),
        38_136,
        6_864,
        45_000,
    ),
    "I12 withholding": (
        DocumentInput([line(1, 90_000)], withholding_rate=D("7.5")),
        90_000,
        16_200,
        106_200,
    ),
    "I13 other tax and stamp": (STAMPED, 49_900, 8_982, 58_882),
    "I14 the example of the tax office": (
        DocumentInput([line(1, 1_450_000)], discount_percent=D(5)),
        1_377_500,
        247_950,
        1_625_450,
    ),
    "I15 euros": (
        DocumentInput([line(3, 3_333, D(20)), line(1, 5, D(20))]),
        10_004,
        2_001,
        12_005,
    ),
}


@pytest.mark.parametrize(("document", "net", "vat", "total"), CASES.values(), ids=CASES.keys())
def test_the_sums_of_a_document(document, net, vat, total):
    totals = compute_totals(document)

    assert (totals.total_net, totals.total_vat, totals.total) == (net, vat, total)


def test_the_lines_of_decimal_quantities():
    totals = compute_totals(CASES["I04 decimal quantities"][0])

    assert [line.amount for line in totals.lines] == [34_375, 4_995]


def test_a_percentage_is_spread_over_lines_and_rates():
    totals = compute_totals(CASES["I07 a discount over three rates"][0])

    assert totals.subtotal == 160_001
    assert totals.discount == 8_000
    assert [line.amount for line in totals.lines] == [99_999, 50_001, 10_001]
    assert [line.discounted for line in totals.lines] == [94_999, 47_501, 9_501]
    assert totals.groups == (
        VatGroup(FULL, 94_999, 17_100),
        VatGroup(REDUCED, 47_501, 4_275),
        VatGroup(NONE, 9_501, 0),
    )


def test_a_fixed_discount_is_spread_by_the_largest_remainder():
    totals = compute_totals(CASES["I08 a fixed discount"][0])

    assert [line.discounted for line in totals.lines] == [29_999, 30_000, 30_000]


def test_lines_with_tax_included_share_the_net_of_their_rate():
    totals = compute_totals(CASES["I11 tax included, three times"][0])

    assert [line.amount for line in totals.lines] == [15_000, 15_000, 15_000]
    assert [line.net for line in totals.lines] == [12_712, 12_712, 12_712]


def test_a_withholding_lowers_only_what_is_paid():
    totals = compute_totals(CASES["I12 withholding"][0])

    assert totals.withholding == 6_750
    assert totals.payable == 99_450


def test_other_taxes_and_the_stamp_raise_only_what_is_paid():
    totals = compute_totals(STAMPED)

    assert totals.other_taxes == (TaxTotal("AIRSI", 2_944),)
    assert totals.cash_stamp == 100
    assert totals.payable == 61_926


def test_another_tax_may_bear_on_the_net():
    document = DocumentInput([line(10, 4_990)], other_taxes=[OtherTax("Redevance", D(5), False)])

    totals = compute_totals(document)

    assert totals.other_taxes == (TaxTotal("Redevance", 2_495),)


def test_there_is_no_stamp_when_it_is_not_cash():
    totals = compute_totals(DocumentInput([line(1, 1_000)], cash_stamp=100))

    assert totals.cash_stamp == 0
    assert totals.payable == 1_180


def test_a_line_takes_its_percentage_before_its_amount():
    totals = compute_totals(DocumentInput([line(2, 5_000, FULL, 10, 500)]))

    assert totals.lines[0].amount == 8_500
    assert totals.lines[0].discount == 1_500


def test_a_line_discount_is_capped():
    totals = compute_totals(DocumentInput([line(1, 400, FULL, 0, 500)]))

    assert totals.lines[0].amount == 0
    assert totals.total == 0


def test_a_price_may_be_a_fraction_of_a_franc():
    amounts = [
        compute_totals(DocumentInput([line(calls, "0.35")])).total_net for calls in (1, 3, 1_001)
    ]

    assert amounts == [0, 1, 350]


def test_a_document_without_lines_comes_to_nothing():
    totals = compute_totals(DocumentInput([], discount_percent=D(5)))

    assert (totals.groups, totals.total, totals.payable) == ((), 0, 0)


def test_a_credit_note_mirrors_its_invoice():
    totals = compute_totals(DocumentInput(I07, discount_percent=D(5)))

    mirrored = negate(totals)

    assert (mirrored.total_net, mirrored.total_vat, mirrored.total) == (-152_001, -21_375, -173_376)
    assert all(vat_on(group.base, group.rate) == group.vat for group in mirrored.groups)
    assert negate(mirrored) == totals


def test_fifteen_thousand_totals_with_tax_cannot_be_reached_from_a_whole_net():
    reached = {net + vat_on(net, FULL) for net in range(100_000)}

    assert 1_000 not in reached
    assert len(set(range(1, 100_001)) - reached) == 15_254


@pytest.mark.parametrize(
    ("wrong", "code", "figure"),
    [
        ({"quantity": D(-1)}, "negative", "quantity"),
        ({"quantity": D("NaN")}, "not_a_number", "quantity"),
        ({"quantity": D("sNaN")}, "not_a_number", "quantity"),
        ({"quantity": D("Infinity")}, "not_a_number", "quantity"),
        ({"quantity": D("0.0001")}, "too_precise", "quantity"),
        ({"quantity": D("1E-999999999")}, "too_precise", "quantity"),
        ({"quantity": 1.5}, "not_exact", "quantity"),
        ({"quantity": "2"}, "not_exact", "quantity"),
        ({"unit_price": D(LARGEST + 1)}, "too_large", "unit_price"),
        ({"unit_price": D("1E+999999")}, "too_large", "unit_price"),
        ({"unit_price": D("0.00001")}, "too_precise", "unit_price"),
        ({"quantity": D(2), "unit_price": D(LARGEST)}, "too_large", "amount"),
        ({"vat_rate": D("100.01")}, "too_large", "vat_rate"),
        ({"discount_percent": D(101)}, "too_large", "discount_percent"),
        ({"discount_amount": -1}, "negative", "discount_amount"),
        ({"discount_amount": D("1.5")}, "not_exact", "discount_amount"),
    ],
)
def test_a_wrong_figure_of_a_line_is_refused(wrong, code, figure):
    figures = {"quantity": D(1), "unit_price": D(1_000)} | wrong
    document = DocumentInput([line(1, 1), LineInput(**figures)])

    with pytest.raises(InvalidFigure) as refusal:
        compute_totals(document)

    assert (refusal.value.code, refusal.value.figure, refusal.value.line) == (code, figure, 1)


@pytest.mark.parametrize(
    ("wrong", "code", "figure"),
    [
        ({"discount_percent": D(-5)}, "negative", "discount_percent"),
        ({"discount_amount": LARGEST + 1}, "too_large", "discount_amount"),
        ({"withholding_rate": D("NaN")}, "not_a_number", "withholding_rate"),
        ({"cash_stamp": 0.5}, "not_exact", "cash_stamp"),
        ({"other_taxes": [OtherTax("AIRSI", D(-2))]}, "negative", "rate"),
        ({"lines": [line(1, LARGEST), line(1, LARGEST)]}, "too_large", "total"),
    ],
)
def test_a_wrong_figure_of_a_document_is_refused(wrong, code, figure):
    document = DocumentInput(**({"lines": [line(1, 1_000)]} | wrong))

    with pytest.raises(InvalidFigure) as refusal:
        compute_totals(document)

    assert (refusal.value.code, refusal.value.figure, refusal.value.line) == (code, figure, None)


LINES = st.lists(
    st.builds(
        LineInput,
        quantity=st.decimals(0, 1_000, places=3),
        unit_price=st.decimals(0, 1_000_000, places=4),
        vat_rate=st.sampled_from([FULL, REDUCED, NONE]),
        discount_percent=st.decimals(0, 100, places=2),
        discount_amount=st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=12,
)
DOCUMENTS = st.builds(
    DocumentInput,
    lines=LINES,
    discount_percent=st.decimals(0, 100, places=2),
    discount_amount=st.integers(0, 100_000),
    price_includes_tax=st.booleans(),
    withholding_rate=st.sampled_from([D(0), D("7.5")]),
)


@given(DOCUMENTS)
def test_the_parts_of_a_document_add_up(document):
    totals = compute_totals(document)

    assert sum(group.base for group in totals.groups) == totals.total_net
    assert sum(group.vat for group in totals.groups) == totals.total_vat
    assert totals.total_net + totals.total_vat == totals.total
    assert sum(line.amount for line in totals.lines) == totals.subtotal
    assert sum(line.discounted for line in totals.lines) == totals.subtotal - totals.discount
    assert sum(line.net for line in totals.lines) == totals.total_net
    assert min(line.net for line in totals.lines) >= 0


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_total(document, random):
    lines = list(document.lines)
    random.shuffle(lines)
    shuffled = DocumentInput(
        lines,
        document.discount_percent,
        document.discount_amount,
        document.price_includes_tax,
        document.withholding_rate,
    )

    before, after = compute_totals(document), compute_totals(shuffled)

    assert after.groups == before.groups
    assert (after.total, after.payable) == (before.total, before.payable)


@given(DOCUMENTS)
def test_no_sum_is_a_float(document):
    totals = compute_totals(document)

    figures = [totals.total_net, totals.total_vat, totals.total, totals.payable, totals.discount]
    figures += [figure for line in totals.lines for figure in (line.amount, line.net)]
    assert {type(figure) for figure in figures} == {int}
