"""Rules of the workload that need no database: durations, rhythms, capacity, spreading, names."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.workload.durations import (
    NotADuration,
    clock_text,
    minutes_of,
    rounded,
    spread_change,
)
from portal.workload.icalendar import Event, written
from portal.workload.mentions import mentioned
from portal.workload.on_time import Count, Dated, count_kept, months_to
from portal.workload.planning import Away, Load, Pattern, Planned, capacity_of, days_of, spread
from portal.workload.rhythm import Rhythm, next_days, worked_day

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)


def is_weekday(day):
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 0),
        ("1:30", 90),
        ("1 h 30", 90),
        ("1h", 60),
        ("90 min", 90),
        ("1,5", 90),
        ("0.25", 15),
        ("2", 120),
        ("24h", 1440),
    ],
)
def test_a_duration_is_read_as_people_type_it(text, minutes):
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["demain", "25h", "-1", "1:75", "1441 min", "1:2:3"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(NotADuration):
        minutes_of(text)


@given(st.integers(0, 1440))
def test_a_duration_written_is_read_back(minutes):
    assert minutes_of(clock_text(minutes)) == minutes


@pytest.mark.parametrize(
    ("seconds", "step", "up", "minutes"),
    [
        (0, 15, True, 0),
        (1, 15, True, 15),
        (901, 15, True, 30),
        (901, 15, False, 15),
        (61, 1, False, 1),
    ],
)
def test_a_timer_is_rounded_to_whole_steps(seconds, step, up, minutes):
    assert rounded(seconds, step, up=up) == minutes


@given(st.lists(st.integers(0, 600), min_size=1, max_size=6), st.integers(0, 1440))
def test_a_changed_cell_adds_up_to_what_was_typed(parts, target):
    result = spread_change(parts, target)

    assert sum(result) == target
    assert min(result) >= 0


def test_a_week_comes_back_on_its_days():
    rhythm = Rhythm(MONDAY, 2, "weeks", frozenset({0, 3}))

    assert next_days(rhythm, MONDAY, 4) == [
        MONDAY,
        date(2026, 11, 26),
        date(2026, 12, 7),
        date(2026, 12, 10),
    ]


def test_a_month_comes_back_on_the_last_day_of_a_shorter_one_and_does_not_drift():
    rhythm = Rhythm(date(2026, 1, 31), 1, "months")

    assert next_days(rhythm, date(2026, 2, 1), 3) == [
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]


def test_a_rhythm_ends_and_a_day_off_goes_to_the_next_worked_one():
    rhythm = Rhythm(MONDAY, 3, "days", ends_on=date(2026, 11, 30))

    assert next_days(rhythm, MONDAY, 9) == [MONDAY, date(2026, 11, 26), date(2026, 11, 29)]
    assert worked_day(date(2026, 11, 29), is_weekday) == date(2026, 11, 30)


@given(
    st.sampled_from(["days", "weeks", "months"]),
    st.integers(1, 5),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 900),
)
def test_looking_from_a_later_day_shows_the_same_days(unit, every, start, later):
    rhythm = Rhythm(start, every, unit)
    since = date.fromordinal(start.toordinal() + later)

    whole = [day for day in next_days(rhythm, start, 1000) if day >= since][:3]

    assert next_days(rhythm, since, 3)[: len(whole)] == whole


def test_capacity_knows_part_time_holidays_and_absences():
    part = [Pattern(date(2026, 1, 1), (240, 240, 240, 240, 0, 0, 0))]
    half = [Away(MONDAY, MONDAY, is_half=True)]

    assert capacity_of(MONDAY, [], [], is_weekday) == 480
    assert capacity_of(MONDAY, part, [], is_weekday) == 240
    assert capacity_of(MONDAY, part, half, is_weekday) == 120
    assert capacity_of(MONDAY, [], [Away(MONDAY, FRIDAY)], is_weekday) == 0
    assert capacity_of(MONDAY, [], [], lambda day: False) == 0
    assert capacity_of(date(2025, 12, 29), part, [], is_weekday) == 480


def test_work_is_spread_over_the_days_left_to_the_minute():
    work = Planned(key=1, person=7, minutes=100, start=date(2026, 11, 20), due=date(2026, 11, 25))

    days = days_of(work, MONDAY, lambda person, day: is_weekday(day))

    assert days == [(MONDAY, 34), (date(2026, 11, 24), 33), (date(2026, 11, 25), 33)]


def test_late_work_falls_on_the_next_day_with_time():
    late = Planned(key=1, person=7, minutes=60, start=None, due=date(2026, 11, 10))

    days = days_of(late, date(2026, 11, 28), lambda person, day: is_weekday(day))

    assert days == [(date(2026, 11, 30), 60)]


@given(st.integers(1, 10_000), st.integers(-40, 90), st.integers(0, 60))
def test_no_minute_of_a_task_is_lost(minutes, start, length):
    first = date.fromordinal(MONDAY.toordinal() + start)
    due = date.fromordinal(first.toordinal() + length)

    found = spread([Planned(1, 7, minutes, first, due)], MONDAY, lambda p, day: is_weekday(day))

    assert sum(found.weeks.values()) == minutes


def test_a_load_says_how_full_a_week_is():
    levels = [
        Load(p, c).level for p, c in ((0, 100), (50, 100), (80, 100), (101, 100), (0, 0), (5, 0))
    ]

    assert levels == ["none", "some", "full", "over", "away", "over"]
    assert Load(5, 0).percent == 999


def test_names_after_an_at_sign_are_found_whatever_the_accents():
    names = [(1, "Mariam Traoré"), (2, "Fatou Bamba"), (3, "Fatou"), (4, "Awa"), (5, "Awa")]
    text = "Voir avec @mariam traore, @Fatou Bamba et @Fatou. @Awa, courriel@Mariam"

    assert mentioned(text, names) == [1, 2, 3]


def test_what_was_finished_by_its_day_is_counted():
    rows = [
        Dated(date(2026, 11, 10), date(2026, 11, 10)),
        Dated(date(2026, 11, 10), date(2026, 11, 11)),
        Dated(date(2026, 11, 10), None),
        Dated(date(2026, 12, 10), None),
        Dated(date(2026, 12, 10), date(2026, 11, 20)),
    ]

    assert count_kept(rows, date(2026, 11, 22)) == Count(kept=2, due=4)
    assert Count(2, 3).share == Fraction(200, 3)
    assert Count(0, 0).share is None
    assert months_to(date(2026, 1, 5), 3) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
    ]


def test_a_calendar_is_written_with_whole_days_and_folded_lines():
    events = [Event("taches-1@nourx", MONDAY, "Panier, compte ; « été » " + "é" * 60)]

    text = written("NOURX", events, datetime(2026, 11, 22, 1, 0, tzinfo=UTC))

    assert "DTSTART;VALUE=DATE:20261123\r\nDTEND;VALUE=DATE:20261124\r\n" in text
    assert "SUMMARY:Panier\\, compte \\; " in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
