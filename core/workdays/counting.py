"""Counting in working days, as the whole house knows them."""

from collections.abc import Callable
from datetime import date, timedelta

from core.workdays.days import working_days
from core.workdays.models import Holiday

DAY = timedelta(days=1)
IsOpen = Callable[[date], bool]


def open_days() -> IsOpen:
    """Return what tells whether a day is worked: the calendar, and what the team knows better."""
    return working_days(dict(Holiday.objects.values_list("on", "is_off")))


def working_day(start: date, count: int, is_open: IsOpen) -> date:
    """Return the day so many working days after another, or before it when negative.

    Zero is the day itself, or the next one that is worked.
    """
    step = DAY if count >= 0 else -DAY
    day = start
    while not is_open(day):
        day += step
    for _each in range(abs(count)):
        day += step
        while not is_open(day):
            day += step
    return day


def days_between(first: date, last: date, is_open: IsOpen) -> int:
    """Return how many working days a day is after another; zero when it is not after."""
    count, day = 0, first
    while day < last:
        day += DAY
        count += is_open(day)
    return count
