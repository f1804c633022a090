"""How dates, times, phone numbers, sizes and shares are written for people.

In the language of the page; amounts of money, in `core.money`, are the same on pages and papers.
Every moment given here is local already: whoever calls has converted it.
"""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

FIXED_SPACE = "\u00a0"  # before a unit
NARROW_SPACE = "\u202f"  # between groups of three digits
HIDDEN_PAIR = "••"
DIALLING_CODE = "225"
LOCAL_DIGITS = 10
NEAR = timedelta(hours=48)
ENGLISH_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
)  # fmt: skip
SHORT_MONTHS = {
    1: pgettext_lazy("short month", "janv."),
    2: pgettext_lazy("short month", "févr."),
    3: pgettext_lazy("short month", "mars"),
    4: pgettext_lazy("short month", "avr."),
    5: pgettext_lazy("short month", "mai"),
    6: pgettext_lazy("short month", "juin"),
    7: pgettext_lazy("short month", "juil."),
    8: pgettext_lazy("short month", "août"),
    9: pgettext_lazy("short month", "sept."),
    10: pgettext_lazy("short month", "oct."),
    11: pgettext_lazy("short month", "nov."),
    12: pgettext_lazy("short month", "déc."),
}


def date_long(day: date) -> str:
    """Write a day in full, such as "13 novembre 2026"."""
    return f"{_day_of_month(day)} {MONTHS[day.month]} {day.year}"


def date_full(day: date) -> str:
    """Write a day with its weekday, such as "vendredi 20 novembre 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {date_long(day)}"


def date_weekday(day: date) -> str:
    """Write a day of the current year with its weekday, such as "mercredi 18 novembre"."""
    return f"{WEEKDAYS[day.weekday()]} {_day_of_month(day)} {MONTHS[day.month]}"


def date_short(day: date) -> str:
    """Write a day in little room, such as "24 nov."."""
    return f"{_day_of_month(day)}{FIXED_SPACE}{_short_month(day)}"


def month_name(day: date, *, with_year: bool = False) -> str:
    """Write a month in little room, such as "Sept." or "Janv. 2027"."""
    name = _short_month(day)
    name = name[:1].upper() + name[1:]
    return f"{name} {day.year}" if with_year else name


def date_range(first: date, last: date) -> str:
    """Write a period, such as "7 au 25 sept.", with the years only when they differ."""
    if first == last:
        return date_short(first)
    if first.year != last.year:
        start = f"{date_short(first)} {first.year}"
        end = f"{date_short(last)} {last.year}"
    elif first.month != last.month:
        start, end = date_short(first), date_short(last)
    else:
        start, end = _day_of_month(first), date_short(last)
    return _("%(first)s au %(last)s") % {"first": start, "last": end}


def clock_time(at: datetime) -> str:
    """Write an hour, such as "17 h 42", or "10 h" on the hour; "17:42" in English."""
    if _in_english():
        return f"{at.hour}:{at.minute:02}"
    hour = f"{at.hour}{FIXED_SPACE}h"
    return f"{hour}{FIXED_SPACE}{at.minute:02}" if at.minute else hour


def moment(at: datetime, now: datetime) -> str:
    """Write a moment: relative within 48 hours ("hier, 9 h 14"), with its date otherwise."""
    elapsed = now - at
    if timedelta(0) <= elapsed < timedelta(hours=1):
        minutes = int(elapsed.total_seconds() // 60)
        if not minutes:
            return _("à l’instant")
        return _("il y a %(minutes)s\u00a0min") % {"minutes": minutes}
    return f"{_day_word(at, now)}, {clock_time(at)}"


def _day_word(at: datetime, now: datetime) -> str:
    near = {-1: _("hier"), 0: _("aujourd’hui"), 1: _("demain")}
    apart = (at.date() - now.date()).days
    if abs(at - now) < NEAR and apart in near:
        return near[apart]
    return date_weekday(at) if at.year == now.year else date_long(at)


def days_until(day: date, today: date) -> str:
    """Write how far a deadline is: "dans 7 jours", "demain", "en retard de 3 jours"."""
    days = (day - today).days
    if days < 0:
        text = ngettext(
            "en retard de %(days)s\u00a0jour", "en retard de %(days)s\u00a0jours", -days
        )
        return text % {"days": -days}
    if days == 0:
        return _("aujourd’hui")
    if days == 1:
        return _("demain")
    text = ngettext("dans %(days)s\u00a0jour", "dans %(days)s\u00a0jours", days)
    return text % {"days": days}


def phone(number: str) -> str:
    """Write a phone number by pairs; a foreign or odd number is returned as it was given."""
    local = _local_digits(number)
    return FIXED_SPACE.join(_pairs(local)) if local else number


def masked_phone(number: str) -> str:
    """Write a phone number so that only its owner knows it, such as "07 •• •• •• 45"."""
    digits = _local_digits(number) or re.sub(r"\D", "", number)
    if len(digits) < 5:
        return FIXED_SPACE.join([HIDDEN_PAIR] * 2)
    return FIXED_SPACE.join([digits[:2], HIDDEN_PAIR, HIDDEN_PAIR, HIDDEN_PAIR, digits[-2:]])


def file_size(size: int) -> str:
    """Write a number of bytes, such as "8,4 Mo", "248 ko" or "512 octets"."""
    if size < 1000:
        return ngettext("%(size)s\u00a0octet", "%(size)s\u00a0octets", size) % {"size": size}
    if size < 1_000_000:
        return f"{_rounded(size, 1000, 0)}{FIXED_SPACE}{pgettext('kilobytes', 'ko')}"
    if size < 1_000_000_000:
        return f"{_rounded(size, 1_000_000, 1)}{FIXED_SPACE}{pgettext('megabytes', 'Mo')}"
    return f"{_rounded(size, 1_000_000_000, 1)}{FIXED_SPACE}{pgettext('gigabytes', 'Go')}"


def percent(value: int | Decimal) -> str:
    """Write a share out of one hundred, such as "58 %" or "17,5 %"; "17.5%" in English."""
    if _in_english():
        return f"{decimal(value)}%"
    return f"{decimal(value)}{FIXED_SPACE}%"


def decimal(value: int | Decimal) -> str:
    """Write a number with a comma and grouped thousands, without useless zeros: "1 250,5".

    In English: "1,250.5".
    """
    text = format(Decimal(value), ",f")
    whole, _point, part = text.partition(".")
    part = part.rstrip("0")
    if _in_english():
        return f"{whole}.{part}".rstrip(".").replace("-", "−")
    whole = whole.replace(",", NARROW_SPACE).replace("-", "−")
    return f"{whole},{part}" if part else whole


def initials(name: str) -> str:
    """Give the two letters of a name shown in a small round, such as "AK"."""
    words = [word for word in re.split(r"[\s\-.@_]+", name) if word]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def _in_english() -> bool:
    return (get_language() or "").startswith("en")


def _day_of_month(day: date) -> str:
    if _in_english():
        return str(day.day)
    return pgettext("first day of a month", "1er") if day.day == 1 else str(day.day)


def _short_month(day: date) -> str:
    return ENGLISH_MONTHS[day.month - 1] if _in_english() else str(SHORT_MONTHS[day.month])


def _local_digits(number: str) -> str:
    """Return the ten digits of an Ivorian number, or nothing."""
    digits = re.sub(r"\D", "", number)
    for prefix in (f"00{DIALLING_CODE}", DIALLING_CODE):
        if digits.startswith(prefix) and len(digits) == len(prefix) + LOCAL_DIGITS:
            return digits.removeprefix(prefix)
    return digits if len(digits) == LOCAL_DIGITS and digits.startswith("0") else ""


def _pairs(digits: str) -> list[str]:
    return [digits[i : i + 2] for i in range(0, len(digits), 2)]


def _rounded(size: int, unit: int, places: int) -> str:
    step = Decimal(1).scaleb(-places)
    return decimal((Decimal(size) / unit).quantize(step, rounding=ROUND_HALF_UP))
