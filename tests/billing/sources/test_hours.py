"""Time turned into lines."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from billing.sources.hours import Rate, Spent, TimeLine, group_time, hours_text, rate_of
from core.money import round_half_up

DAY = date(2026, 11, 3)


def spent(entry_id, minutes, rate=30_000, user_id=1):
    return Spent(entry_id, 1, user_id, DAY, minutes, rate)


def test_the_closest_rate_wins():
    rates = [
        Rate(10_000),
        Rate(20_000, user_id=7),
        Rate(30_000, project_id=3),
        Rate(40_000, project_id=3, user_id=7),
    ]

    found = [
        rate_of(rates, project_id=project, user_id=user, on=DAY)
        for project, user in ((3, 7), (3, 8), (4, 7), (4, 8))
    ]

    assert found == [40_000, 30_000, 20_000, 10_000]


def test_a_rate_holds_from_its_day_on():
    rates = [Rate(10_000), Rate(12_000, valid_from=date(2026, 11, 4))]

    assert rate_of(rates, project_id=1, user_id=1, on=DAY) == 10_000
    assert rate_of(rates, project_id=1, user_id=1, on=date(2026, 11, 4)) == 12_000


def test_no_rate_is_no_price():
    assert rate_of([Rate(10_000, user_id=2)], project_id=1, user_id=1, on=DAY) is None


def test_entries_of_one_key_and_rate_are_one_line():
    lines = group_time([spent(1, 60), spent(2, 90), spent(3, 60, rate=None)], lambda _: "Maquettes")

    assert [(line.minutes, line.amount, line.entry_ids) for line in lines] == [
        (150, 75_000, (1, 2))
    ]
    assert (lines[0].quantity, lines[0].unit_price) == (Decimal("2.5"), 30_000)


def test_twenty_minutes_cost_a_third_of_an_hour_to_the_franc():
    [line] = group_time([spent(1, 20)], lambda _: "Appel")

    assert (line.quantity, line.unit_price, line.amount) == (1, 10_000, 10_000)


def test_durations_are_written():
    assert [hours_text(minutes) for minutes in (45, 60, 750)] == [
        "45\u00a0min",
        "1\u00a0h",
        "12\u00a0h\u00a030",
    ]


@given(st.integers(1, 60_000), st.integers(0, 10**7))
def test_quantity_times_price_is_the_exact_amount(minutes, rate):
    line = TimeLine("", rate, minutes, (), ())

    product = Fraction(line.quantity) * Fraction(line.unit_price)

    assert round_half_up(product) == line.amount
    assert line.quantity == line.quantity.quantize(Decimal("0.001"))
