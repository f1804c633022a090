"""Working hours as plain values: nights, breaks, holidays, year ends and changes of clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.support.hours import (
    NeverOpen,
    UnreadableHours,
    Week,
    end_of_delay,
    read_periods,
    start_of_delay,
    working_time,
    write_periods,
)

ABIDJAN, PARIS = ZoneInfo("Africa/Abidjan"), ZoneInfo("Europe/Paris")
OFFICE = dict.fromkeys(range(1, 6), ((480, 750), (840, 1080)))  # 8 h-12 h 30, 14 h-18 h
DAYS_OFF = {date(2026, 12, 25), date(2027, 1, 1)}


def week(periods=OFFICE, zone=ABIDJAN, off=DAYS_OFF):
    return Week(periods, zone, lambda day: day in off)


def at(day, hour, minute=0, month=11, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_nights_and_week_ends_do_not_count():
    assert working_time(week(), at(20, 16), at(23, 9)) == timedelta(hours=3)


def test_the_break_at_noon_does_not_count():
    assert working_time(week(), at(20, 12), at(20, 15)) == timedelta(hours=1, minutes=30)


def test_a_delay_goes_over_the_break_and_the_night():
    assert end_of_delay(week(), at(20, 11, 30), timedelta(hours=6)) == at(23, 9)


def test_a_delay_that_begins_at_night_begins_in_the_morning():
    assert end_of_delay(week(), at(19, 22), timedelta(hours=1)) == at(20, 9)


def test_holidays_and_the_end_of_the_year_do_not_count():
    # Thursday 24 December at 16 h: two hours, then Christmas, the week-end, and 8 h 30 a day.
    eve = at(24, 16, month=12)

    due = end_of_delay(week(), eve, timedelta(hours=2 + 8.5 * 4 + 1))

    assert due == at(4, 9, month=1, year=2027)  # 28 to 31 December, then the Monday after 1 January


def test_two_days_are_twice_the_longest_day():
    assert week().longest_day == timedelta(hours=8, minutes=30)


def test_a_day_that_ends_at_midnight_meets_the_next():
    round_the_clock = week(dict.fromkeys(range(1, 8), ((0, 1440),)), off=set())

    assert working_time(round_the_clock, at(20, 0), at(22, 0)) == timedelta(days=2)
    assert end_of_delay(round_the_clock, at(20, 18), timedelta(hours=12)) == at(21, 6)


def test_hours_that_clocks_take_away_or_give_twice_are_counted_as_they_pass():
    nights = week({7: ((60, 240),)}, zone=PARIS, off=set())
    spring, autumn = at(28, 22, month=3), at(24, 22, month=10)

    assert working_time(nights, spring, spring + timedelta(days=1, hours=4)) == timedelta(hours=2)
    assert working_time(nights, autumn, autumn + timedelta(days=1, hours=4)) == timedelta(hours=4)


@pytest.mark.parametrize("periods", [{}, {1: ()}])
def test_a_calendar_without_an_open_hour_promises_nothing(periods):
    with pytest.raises(NeverOpen):
        end_of_delay(week(periods), at(20, 9), timedelta(hours=1))
    with pytest.raises(NeverOpen):
        start_of_delay(week(periods), at(20, 9), timedelta(hours=1))


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
delays = st.integers(1, 6000).map(lambda minutes: timedelta(minutes=minutes))
cuts = st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True).map(sorted)
periods_of_day = cuts.map(lambda points: tuple(zip(points[::2], points[1::2], strict=False)))
some_weeks = st.builds(
    week,
    st.dictionaries(st.integers(1, 7), periods_of_day, min_size=2),
    st.sampled_from([ABIDJAN, PARIS]),
    st.sets(st.dates(date(2026, 1, 1), date(2028, 1, 1)), max_size=20),
)


@settings(max_examples=150, deadline=None)
@given(some_weeks, moments, st.integers(1, 1500).map(lambda minutes: timedelta(minutes=minutes)))
def test_the_end_of_a_delay_is_where_so_much_time_was_worked(hours, start, delay):
    try:
        end = end_of_delay(hours, start, delay)
    except NeverOpen:  # a few minutes a week, over a long delay
        return

    assert working_time(hours, start, end) == delay
    assert working_time(hours, start, end - timedelta(microseconds=1)) < delay


@settings(max_examples=100, deadline=None)
@given(moments, delays)
def test_going_back_by_a_delay_undoes_it(start, delay):
    end = end_of_delay(week(), start, delay)

    begin = start_of_delay(week(), end, delay)

    assert begin >= start
    assert working_time(week(), begin, end) == delay


@settings(max_examples=100, deadline=None)
@given(moments, moments, moments)
def test_time_worked_adds_up(first, second, third):
    a, b, c = sorted([first, second, third])

    assert working_time(week(), a, c) == working_time(week(), a, b) + working_time(week(), b, c)


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("8h-12h30, 14h-18h", [(480, 750), (840, 1080)]),
        ("14:00–18:00 ; 8 h à 12 h 30", [(480, 750), (840, 1080)]),
        ("0-24", [(0, 1440)]),
        ("", []),
    ],
)
def test_hours_are_read_as_people_write_them(text, periods):
    assert read_periods(text) == periods
    assert read_periods(write_periods(periods)) == periods


@pytest.mark.parametrize("text", ["8h", "18h-8h", "8h-12h, 11h-14h", "8h-25h", "8h70-9h", "midi"])
def test_hours_that_make_no_sense_are_refused(text):
    with pytest.raises(UnreadableHours):
        read_periods(text)
