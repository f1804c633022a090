"""Papers with every feature: parts always add up to the whole, to the smallest unit."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.invoicing.portions import (
    ExceedsInvoice,
    credit_group,
    credit_tax,
    deposit_groups,
    remaining_groups,
    share_groups,
)
from billing.invoicing.totals import (
    DocumentInput,
    LineInput,
    OtherTax,
    VatGroup,
    compute_totals,
    negate,
)

D = Decimal
patiently = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
RATES = [(D(18), ""), (D(18), "TVA"), (D(9), "TVAB"), (D(0), "TVAD"), (D(0), "TVAE"), (D(0), "")]
LINES = st.builds(
    lambda quantity, price, vat, percent, amount: LineInput(
        D(quantity) / 1000, D(price) / 100, vat[0], D(percent), amount, vat_code=vat[1]
    ),
    st.integers(1, 50_000),
    st.integers(0, 10**8),
    st.sampled_from(RATES),
    st.integers(0, 100),
    st.integers(0, 5_000),
)
PAPERS = st.builds(
    DocumentInput,
    lines=st.lists(LINES, min_size=1, max_size=6),
    discount_percent=st.integers(0, 60).map(D),
    discount_amount=st.integers(0, 10_000),
    price_includes_tax=st.booleans(),
    withholding_rate=st.sampled_from([D(0), D("7.5")]),
    other_taxes=st.sampled_from([(), (OtherTax("AIRSI", D(5)),)]),
)


@patiently
@given(PAPERS)
def test_groups_and_lines_add_up_and_natures_are_apart(paper):
    totals = compute_totals(paper)

    assert totals.total_net == sum(group.base for group in totals.groups)
    assert totals.total_net == sum(line.net for line in totals.lines)
    assert totals.total == totals.total_net + totals.total_vat
    keys = [group.key for group in totals.groups]
    assert len(keys) == len(set(keys))
    assert all(not group.code for group in totals.groups if group.rate)
    assert not paper.price_includes_tax or totals.total == totals.subtotal - totals.discount


@patiently
@given(PAPERS)
def test_the_whole_credit_note_mirrors_its_invoice(paper):
    totals = compute_totals(paper)

    mirrored = negate(negate(totals))

    assert mirrored == totals
    assert negate(totals).payable == -totals.payable


@patiently
@given(PAPERS, st.lists(st.integers(1, 100), max_size=5))
def test_partial_credit_notes_are_exactly_the_invoice(paper, shares):
    totals = compute_totals(paper)
    added = sum(tax.amount for tax in totals.other_taxes)
    taken = {group.key: [] for group in totals.groups}
    credited = credited_added = 0

    for share in [*shares, 100]:
        for group in totals.groups:
            left = group.base - sum(each.base for each in taken[group.key])
            part = credit_group(group, taken[group.key], left * share // 100)
            taken[group.key].append(part)
            credited += part.total
        credited_added += credit_tax(added, credited_added, part=credited, whole=totals.total)

    for group in totals.groups:
        assert sum(part.base for part in taken[group.key]) == group.base
        assert sum(part.vat for part in taken[group.key]) == group.vat
    assert (credited, credited_added) == (totals.total, added)


@patiently
@given(PAPERS, st.integers(1, 60), st.integers(1, 100))
def test_deposits_and_the_final_invoice_are_exactly_the_whole(paper, percent, share):
    groups = compute_totals(paper).groups
    whole = sum(group.total for group in groups)
    first = deposit_groups(groups, D(percent))
    rest = remaining_groups(groups, first)
    amount = sum(group.total for group in rest) * share // 100

    second = share_groups(rest, amount) if amount else ()
    final = remaining_groups(rest, second)

    assert sum(group.total for group in second) == amount
    assert all(group.base >= 0 and group.vat >= 0 for group in final)
    assert sum(group.total for part in (first, second, final) for group in part) == whole


def test_two_rates_of_zero_of_another_nature_are_two_groups():
    lines = [LineInput(D(1), D(100), D(0), vat_code=code) for code in ("TVAD", "TVAE", "TVAD")]

    totals = compute_totals(DocumentInput(lines))

    assert totals.groups == (VatGroup(D(0), 200, 0, "TVAD"), VatGroup(D(0), 100, 0, "TVAE"))


def test_the_nature_of_a_charged_rate_splits_no_group():
    lines = [LineInput(D(1), D(1_003), D(18), vat_code=code) for code in ("", "TVA", "TVA")]

    totals = compute_totals(DocumentInput(lines))

    assert [(group.base, group.vat) for group in totals.groups] == [(3_009, 542)]


@pytest.mark.parametrize("amount", [0, -1, 1_181])
def test_a_share_is_a_part_of_the_whole(amount):
    with pytest.raises(ExceedsInvoice):
        share_groups([VatGroup(D(18), 1_000, 180)], amount)
