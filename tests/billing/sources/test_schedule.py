"""Which periods a contract has."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.sources.schedule import Period, Rhythm, Unit

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
RHYTHMS = st.builds(
    Rhythm,
    anchor=DAYS,
    every=st.integers(1, 14),
    unit=st.sampled_from(Unit),
    in_arrears=st.booleans(),
)


def starts(rhythm, count):
    return [period.start for period in islice(rhythm.periods(), count)]


def test_the_thirty_first_comes_back_after_february():
    rhythm = Rhythm(date(2027, 1, 31))

    assert starts(rhythm, 5) == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
        date(2027, 5, 31),
    ]


def test_the_leap_day_comes_back_every_four_years():
    rhythm = Rhythm(date(2028, 2, 29), unit=Unit.YEAR)

    assert starts(rhythm, 5) == [
        date(2028, 2, 29),
        date(2029, 2, 28),
        date(2030, 2, 28),
        date(2031, 2, 28),
        date(2032, 2, 29),
    ]


def test_a_period_ends_the_day_before_the_next():
    first = Rhythm(date(2027, 1, 31)).next_after(None)

    assert first == Period(date(2027, 1, 31), date(2027, 2, 27), date(2027, 1, 31))


def test_in_arrears_the_invoice_waits_for_the_end():
    first = Rhythm(date(2027, 1, 1), in_arrears=True).next_after(None)

    assert first == Period(date(2027, 1, 1), date(2027, 1, 31), date(2027, 2, 1))


def test_begins_with_the_first_period_from_the_day_asked():
    rhythm = Rhythm(date(2026, 1, 31), starts_on=date(2026, 3, 1))

    assert starts(rhythm, 2) == [date(2026, 3, 31), date(2026, 4, 30)]


def test_stops_at_its_last_day():
    rhythm = Rhythm(date(2026, 1, 15), ends_on=date(2026, 3, 15))

    assert starts(rhythm, 9) == [date(2026, 1, 15), date(2026, 2, 15), date(2026, 3, 15)]


def test_stops_after_its_number_of_periods():
    rhythm = Rhythm(date(2026, 1, 5), every=2, unit=Unit.WEEK, times=3)

    assert starts(rhythm, 9) == [date(2026, 1, 5), date(2026, 1, 19), date(2026, 2, 2)]


def test_stops_at_the_end_of_the_calendar():
    rhythm = Rhythm(date(9999, 10, 31))

    assert starts(rhythm, 9) == [date(9999, 10, 31), date(9999, 11, 30)]


@pytest.mark.parametrize(
    ("unit", "every", "months"),
    [
        (Unit.MONTH, 3, Fraction(3)),
        (Unit.YEAR, 1, Fraction(12)),
        (Unit.WEEK, 1, Fraction(12, 52)),
        (Unit.WEEK, 2, Fraction(24, 52)),
    ],
)
def test_an_interval_in_months(unit, every, months):
    assert Rhythm(date(2026, 1, 1), every=every, unit=unit).months == months


@given(RHYTHMS)
def test_periods_follow_each_other_without_gap_nor_drift(rhythm):
    periods = list(islice(rhythm.periods(), 40))

    for before, after in pairwise(periods):
        assert after.start == before.end + timedelta(days=1)
    for period in periods:
        if rhythm.unit is not Unit.WEEK:
            last = monthrange(period.start.year, period.start.month)[1]
            assert period.start.day == min(rhythm.anchor.day, last)
        assert period.bill_on == (
            period.end + timedelta(days=1) if rhythm.in_arrears else period.start
        )


@given(RHYTHMS, st.integers(0, 900))
def test_a_month_of_silence_catches_up_with_what_each_day_would_have_billed(rhythm, length):
    end = rhythm.anchor + timedelta(days=length)
    daily, last = [], None
    for day in range(length + 1):
        for period in rhythm.due(rhythm.anchor + timedelta(days=day), last):
            daily.append(period)
            last = period.start

    assert daily == list(rhythm.due(end))
    assert len({period.start for period in daily}) == len(daily)


@given(RHYTHMS, DAYS)
def test_a_day_is_in_the_period_that_holds_it(rhythm, day):
    period = rhythm.period_on(day)

    if day < rhythm.anchor:
        assert period is None
    else:
        assert period.start <= day <= period.end


@given(RHYTHMS, DAYS)
def test_what_comes_after_a_day_is_the_first_that_begins_later(rhythm, day):
    found = rhythm.next_after(day)

    assert found.start > day
    earlier = rhythm.period_on(found.start - timedelta(days=1))
    assert earlier is None or earlier.start <= day
