"""The days on which messages leave: Monday to Friday, but for the holidays of Côte d’Ivoire."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache

import holidays

COUNTRY = "CI"


def working_days(corrections: Mapping[date, bool]) -> Callable[[date], bool]:
    """Return what tells whether messages leave on a day.

    `corrections` are days the team knows better: True when the day is off. They win over the
    calendar, whose days of the moon are estimates until a decree.
    """

    def is_open(day: date) -> bool:
        if day.weekday() >= 5:
            return False
        is_off = corrections.get(day)
        return day not in computed_holidays(day.year) if is_off is None else not is_off

    return is_open


@cache
def computed_holidays(year: int) -> Mapping[date, str]:
    """Return the holidays of a year as the calendar computes them, with their French names."""
    return dict(holidays.country_holidays(COUNTRY, years=year, language="fr"))


def holidays_between(
    years: Iterable[int], corrections: Mapping[date, str]
) -> list[tuple[date, str]]:
    """Return the computed holidays of some years that no correction names, in their order."""
    return sorted(
        (day, name)
        for year in years
        for day, name in computed_holidays(year).items()
        if day not in corrections
    )
