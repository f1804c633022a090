"""When to ask a provider again about an attempt, from its start to the day we stop."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

FIRST_CHECKS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600, 1200, 2400))
SLOWLY = timedelta(hours=6)
HOURLY_UNTIL = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(hours=72)
JITTER_PERCENT = 20


def next_check(*, reference: str, started_at: datetime, at: datetime) -> datetime | None:
    """Return the next moment to ask, None when three days have passed.

    A share of up to a fifth, drawn from the reference, keeps attempts from falling together.
    """
    age = at - started_at
    if age >= GIVEN_UP_AFTER:
        return None
    planned = next((step for step in FIRST_CHECKS if step > age), None)
    if planned is None:
        planned = age + (timedelta(hours=1) if age < HOURLY_UNTIL else SLOWLY)
    return at + _with_jitter(planned - age, reference)


def _with_jitter(wait: timedelta, reference: str) -> timedelta:
    return wait * (100 + zlib.crc32(reference.encode()) % (JITTER_PERCENT + 1)) / 100
