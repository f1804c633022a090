"""Durations as people type and read them, and how they are rounded. Whole minutes everywhere."""

import re
from collections.abc import Sequence
from fractions import Fraction

HOUR = 60
DAY = 24 * HOUR
CLOCK = re.compile(r"(\d{1,2})\s*(?::|h)\s*([0-5]?\d)?\s*(?:m|min)?")
MINUTES = re.compile(r"(\d{1,4})\s*(?:m|mn|min)")
HOURS = re.compile(r"(\d{1,2})(?:[.,](\d{1,2}))?")


class NotADuration(ValueError):
    """What was typed is no duration."""


def minutes_of(text: str) -> int:
    """Read a duration: "1:30", "1 h 30", "1h", "90 min", "1,5", or nothing for zero. Minutes.

    :raises NotADuration: if it says no duration, or more than a day.
    """
    typed = text.replace("\u00a0", " ").strip().lower()
    if not typed:
        return 0
    minutes = _read(typed)
    if minutes is None or minutes > DAY:
        raise NotADuration(text)
    return minutes


def _read(typed: str) -> int | None:
    if match := CLOCK.fullmatch(typed):
        return int(match[1]) * HOUR + int(match[2] or 0)
    if match := MINUTES.fullmatch(typed):
        return int(match[1])
    if match := HOURS.fullmatch(typed):
        hours = Fraction(f"{match[1]}.{match[2] or 0}")
        return int(hours * HOUR + Fraction(1, 2))
    return None


def duration_text(minutes: int) -> str:
    """Write a duration: « 12 h 30 », « 45 min », « 0 h »."""
    hours, rest = divmod(minutes, HOUR)
    if not hours and rest:
        return f"{rest}\u00a0min"
    return f"{hours}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")


def clock_text(minutes: int) -> str:
    """Write a duration in little room, as it may be typed back: "1:30"; nothing for zero."""
    return f"{minutes // HOUR}:{minutes % HOUR:02}" if minutes else ""


def rounded(seconds: int, step: int, *, up: bool) -> int:
    """Return how many minutes a timer counts for: whole steps, up or to the nearest.

    What ran at all counts for one step at least.
    """
    if seconds <= 0:
        return 0
    steps = Fraction(seconds, step * 60)
    whole = -int(-steps // 1) if up else int(steps + Fraction(1, 2))
    return max(whole, 1) * step


def spread_change(parts: Sequence[int], target: int) -> list[int]:
    """Change the last of some durations so that they add up to `target`; none goes below zero."""
    result = list(parts)
    gap = target - sum(result)
    if gap > 0 and result:
        result[-1] += gap
    for place in range(len(result) - 1, -1, -1):
        if gap >= 0:
            break
        taken = min(result[place], -gap)
        result[place] -= taken
        gap += taken
    return result
