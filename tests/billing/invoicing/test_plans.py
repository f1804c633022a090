"""A plan shares a total exactly, or says what is wrong with it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoicing.plans import (
    BALANCE_IS_LAST,
    DEPOSIT_IS_FIRST,
    NOT_WHOLE,
    NOTHING_LEFT,
    REST_IS_LAST,
    InvalidPlan,
    Part,
    check_plan,
    plan_amounts,
)


def plan(*rows):
    return [Part(kind, Decimal(share) if share else None) for kind, share in rows]


def test_the_rest_takes_what_rounding_left():
    parts = plan(("deposit", "30"), ("milestone", "33.33"), ("balance", ""))

    assert plan_amounts(1_475_001, parts) == [442_500, 491_618, 540_883]


def test_a_last_part_with_its_percentage_takes_the_rounding_too():
    parts = plan(("deposit", "33.33"), ("milestone", "33.33"), ("milestone", "33.34"))

    assert plan_amounts(100, parts) == [33, 33, 34]
    assert plan_amounts(10, parts) == [3, 3, 4]


def test_no_plan_is_a_plan_of_nothing():
    assert plan_amounts(1_000, []) == []


@pytest.mark.parametrize(
    ("parts", "trouble"),
    [
        (plan(("deposit", ""), ("balance", "70")), REST_IS_LAST),
        (plan(("milestone", "30"), ("deposit", "70")), DEPOSIT_IS_FIRST),
        (plan(("balance", "30"), ("milestone", "70")), BALANCE_IS_LAST),
        (plan(("deposit", "60"), ("milestone", "40"), ("balance", "")), NOTHING_LEFT),
        (plan(("deposit", "30"), ("balance", "60")), NOT_WHOLE),
    ],
)
def test_a_plan_that_is_not_the_whole_is_refused(parts, trouble):
    with pytest.raises(InvalidPlan) as refusal:
        check_plan(parts)

    assert refusal.value.message == trouble


@given(
    total=st.integers(min_value=0, max_value=10**13),
    cuts=st.lists(st.integers(min_value=1, max_value=3_000), max_size=3),
)
def test_parts_always_make_the_total_and_none_is_negative(total, cuts):
    parts = [Part("milestone", Decimal(cut) / 100) for cut in cuts] + [Part("balance")]

    amounts = plan_amounts(total, parts)

    assert sum(amounts) == total
    assert min(amounts) >= 0
