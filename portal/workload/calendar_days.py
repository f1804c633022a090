"""Which days are worked, as the house knows them: the calendar, and what was corrected."""

from collections.abc import Callable
from datetime import date

from core.workdays.days import computed_holidays, working_days
from core.workdays.models import Holiday


def open_days() -> Callable[[date], bool]:
    """Return what tells whether a day is worked. One query."""
    return working_days(dict(Holiday.objects.values_list("on", "is_off")))


def days_off(first: date, last: date) -> dict[date, str]:
    """Return the holidays between two days, with their names. One query."""
    rows = Holiday.objects.filter(on__gte=first, on__lte=last)
    corrections = {row.on: row for row in rows}
    found = {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in computed_holidays(year).items()
        if first <= day <= last and day not in corrections
    }
    found |= {day: row.name for day, row in corrections.items() if row.is_off}
    return found
