"""The sandbox's time: the real one for people, one that stands still for tests."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time in seconds since 1970."""

    def now(self) -> float:
        """Return the current moment."""


class RealClock:
    """The machine's time."""

    def now(self) -> float:
        """Return the current moment."""
        return time.time()


class VirtualClock:
    """A time that moves only when told to, and never backwards but to its start."""

    def __init__(self, start: float) -> None:
        self._start = self._now = start

    def now(self) -> float:
        """Return the moment the clock stands at."""
        return self._now

    def move_to(self, moment: float) -> None:
        """Go forward to a moment; a moment already past changes nothing."""
        self._now = max(self._now, moment)

    def restart(self) -> None:
        """Go back to the moment it was started with."""
        self._now = self._start


def write_moment(moment: float) -> str:
    """Write a moment as CinetPay does, in Abidjan time."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")
