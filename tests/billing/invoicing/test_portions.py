"""Credit notes and deposits take their part, and nothing is lost on the way."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoicing.portions import (
    ExceedsInvoice,
    credit_group,
    deposit_groups,
    remaining_groups,
)
from billing.invoicing.totals import VatGroup, vat_on

FULL, REDUCED = Decimal(18), Decimal(9)


@pytest.mark.parametrize(
    ("base", "vat", "parts", "credited_vat"),
    [
        (3_009, 542, [1_003, 1_003, 1_003], [181, 180, 181]),
        (100_003, 18_001, [33_334, 33_334, 33_335], [6_000, 6_000, 6_001]),
    ],
)
def test_credit_notes_take_the_vat_of_the_invoice_exactly(base, vat, parts, credited_vat):
    invoiced = VatGroup(FULL, base, vat)

    credited = []
    for part in parts:
        credited.append(credit_group(invoiced, credited, part))

    assert [group.vat for group in credited] == credited_vat


def test_a_credit_note_cannot_take_more_than_what_is_left():
    invoiced = VatGroup(FULL, 3_009, 542)
    credited = [credit_group(invoiced, [], 3_000)]

    with pytest.raises(ExceedsInvoice):
        credit_group(invoiced, credited, 10)

    assert credit_group(invoiced, credited, 9) == VatGroup(FULL, 9, 2)


def test_a_credit_note_cannot_be_negative():
    with pytest.raises(ExceedsInvoice):
        credit_group(VatGroup(FULL, 3_009, 542), [], -1)


def test_nothing_can_be_credited_upon_nothing():
    assert credit_group(VatGroup(FULL, 0, 0), [], 0) == VatGroup(FULL, 0, 0)


@given(
    st.integers(1, 10**9),
    st.lists(st.integers(1, 10**6), max_size=8),
    st.sampled_from([-1, 0, 1]),
)
def test_credit_notes_end_on_the_vat_of_the_invoice(base, parts, rounding):
    invoiced = VatGroup(FULL, base, max(vat_on(base, FULL) + rounding, 0))

    credited = []
    for part in parts:
        left = base - sum(group.base for group in credited)
        credited.append(credit_group(invoiced, credited, min(part, left)))
    left = base - sum(group.base for group in credited)
    credited.append(credit_group(invoiced, credited, left))

    assert sum(group.vat for group in credited) == invoiced.vat
    assert min(group.vat for group in credited) >= 0


def test_the_final_invoice_takes_what_deposits_left():
    full = (VatGroup(FULL, 333_337, 60_001),)
    first = deposit_groups(full, Decimal(30))
    second = deposit_groups(full, Decimal(40))

    rest = remaining_groups(full, [*first, *second])

    assert first == (VatGroup(FULL, 100_001, 18_000),)
    assert second == (VatGroup(FULL, 133_335, 24_000),)
    assert rest == (VatGroup(FULL, 100_001, 18_001),)
    assert vat_on(100_001, FULL) == 18_000
    assert rest[0].total == 118_002


def test_a_deposit_takes_its_part_of_every_rate():
    groups = (VatGroup(FULL, 600_000, 108_000), VatGroup(REDUCED, 240_000, 21_600))

    deposits = deposit_groups(groups, Decimal(50))

    assert deposits == (VatGroup(FULL, 300_000, 54_000), VatGroup(REDUCED, 120_000, 10_800))
    assert remaining_groups(groups, deposits) == deposits


@pytest.mark.parametrize(
    "deposit", [VatGroup(FULL, 1_001, 180), VatGroup(FULL, 10, 181), VatGroup(REDUCED, 10, 1)]
)
def test_deposits_above_the_invoice_are_refused(deposit):
    with pytest.raises(ExceedsInvoice):
        remaining_groups([VatGroup(FULL, 1_000, 180)], [deposit])
