"""The definitions, against cases worked by hand and what must hold for any amounts."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.analytics import figures
from billing.analytics.figures import Ageing
from billing.analytics.periods import Period, read_period, whole

AMOUNTS = st.integers(0, 10**12)
SALES = [(3_000_000, 31), (2_500_000, 28), (4_000_000, 31)]  # newest first


def days(value):
    return round(float(value), 2)


def test_counting_back_eats_months_from_the_newest_the_last_one_pro_rata():
    found = figures.count_back_dso(5_000_000, SALES)

    assert (days(found.days), found.exhausted) == (53.4, False)


def test_simple_dso_depends_on_the_period_chosen():
    assert days(figures.simple_dso(5_000_000, 3_000_000, 31)) == 51.67
    assert days(figures.simple_dso(5_000_000, 9_500_000, 90)) == 47.37


def test_a_receivable_above_all_sales_is_said_to_have_exhausted_them():
    found = figures.count_back_dso(12_000_000, SALES)

    assert (found.days, found.exhausted) == (90, True)


def test_a_month_without_sales_still_counts_its_days():
    found = figures.count_back_dso(1_500_000, [(0, 31), (2_000_000, 28)])

    assert (found.days, found.exhausted) == (52, False)


def test_nothing_sold_is_no_figure_at_all():
    assert figures.simple_dso(5_000, 0, 30) is None
    assert figures.simple_dso(5_000, -1, 30) is None
    assert figures.count_back_dso(5_000, [(0, 30)]) is None
    assert figures.delinquent_days(5_000, 0, 0, 30) is None
    assert figures.ratio(0, 0) is None
    assert figures.mean_days([]) is None


@pytest.mark.parametrize(
    ("begin", "sales", "end", "current", "expected"),
    [
        (1_000, 2_000, 1_200, 800, Fraction(9, 11)),  # 81.82 %
        (1_000, 2_000, 800, 800, Fraction(1)),
        (0, 0, 0, 0, None),
    ],
)
def test_effectiveness_is_what_was_collected_of_what_could_be(begin, sales, end, current, expected):
    found = figures.effectiveness(begin=begin, sales=sales, end=end, end_current=current)

    assert found == expected


def test_ageing_ends_its_classes_on_the_thirtieth_sixtieth_and_ninetieth_day():
    late = (0, 1, 30, 31, 60, 61, 90, 91, -15)
    amounts = (100_000, 50_000, 70_000, 60_000, 60_000, 80_000, 90_000, 30_000, 20_000)

    found = figures.age_balances([*zip(amounts, late, strict=True), (-15_000, 5)])

    assert found == Ageing(120_000, 120_000, 120_000, 170_000, 30_000, credit=-15_000)
    assert (found.total, found.late) == (560_000, 440_000)


def test_days_to_be_paid_weigh_by_amount_or_not():
    found = figures.mean_days([(300_000, 30), (100_000, 20), (100_000, 25)])

    assert (found.weighted, found.plain) == (27, 25)


def test_recurring_revenue_moves_per_client():
    start = {"A": 15, "B": 45, "C": 15, "D": 45, "E": 15}
    end = {"A": 15, "B": 15, "C": 45, "E": 30, "F": 45, "G": 15}

    found = figures.recurring_movements(
        {key: Fraction(value) for key, value in start.items()},
        {key: Fraction(value) for key, value in end.items()},
        known={"A", "G"},
    )

    assert found == figures.Movements(
        start=Fraction(135), new=Fraction(45), back=Fraction(15), up=Fraction(45),
        down=Fraction(30), lost=Fraction(45), end=Fraction(165),
    )  # fmt: skip


@given(AMOUNTS, st.lists(st.tuples(AMOUNTS, st.integers(1, 31)), max_size=24))
def test_counting_back_never_counts_more_than_all_days(receivable, months):
    found = figures.count_back_dso(receivable, months)

    if found is not None:
        assert 0 <= found.days <= sum(count for _sales, count in months)
        assert found.exhausted == (receivable > sum(sales for sales, _days in months))


@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(-400, 400))))
def test_ageing_loses_no_franc(balances):
    found = figures.age_balances(balances)

    assert found.total + found.credit == sum(balance for balance, _days in balances)


@given(AMOUNTS, AMOUNTS, AMOUNTS.filter(bool), st.integers(1, 366))
def test_best_dso_and_delinquent_days_add_up_to_dso(current, late, sales, count):
    best = figures.simple_dso(current, sales, count)
    delinquent = figures.delinquent_days(current + late, current, sales, count)

    assert best + delinquent == figures.simple_dso(current + late, sales, count)


SHARES = st.dictionaries(st.integers(1, 6), st.fractions(1, 1000), max_size=6)


@given(SHARES, SHARES, st.sets(st.integers(1, 6)))
def test_movements_lead_from_the_start_to_the_end(start, end, known):
    found = figures.recurring_movements(start, end, known)

    gained = found.new + found.back + found.up
    assert found.start + gained - found.down - found.lost == found.end


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"periode": "mois", "au": "2026-02-10"}, (date(2026, 2, 1), date(2026, 2, 28))),
        ({"periode": "annee"}, (date(2026, 1, 1), date(2026, 12, 31))),
        (
            {"periode": "jours", "du": "2026-03-09", "au": "2026-03-01"},
            (date(2026, 3, 1), date(2026, 3, 9)),
        ),
        ({"periode": "jours", "du": "?", "au": ""}, (date(2026, 10, 1), date(2026, 12, 31))),
        ({"periode": "mois", "au": "0001-01-01"}, (date(2026, 11, 1), date(2026, 11, 30))),
    ],
)
def test_a_period_is_read_from_the_address_whatever_is_there(asked, expected):
    found = read_period(asked, date(2026, 11, 21))

    assert (found.first, found.last) == expected


def test_the_period_before_is_the_same_kind():
    assert whole("trimestre", date(2026, 2, 1)).previous() == whole("trimestre", date(2025, 12, 31))
    ten = Period(date(2026, 3, 1), date(2026, 3, 10))
    assert ten.previous() == Period(date(2026, 2, 19), date(2026, 2, 28))
    assert ten.previous().following() == ten
