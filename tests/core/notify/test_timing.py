"""When mail may leave: quiet hours, weekends, the hour of digests."""

from datetime import UTC, datetime, time

import pytest

from core.notify.models import DeliveryWishes
from core.notify.timing import digest_at, leaves_at

NIGHT = {"quiet_from": time(20), "quiet_to": time(7)}
LUNCH = {"quiet_from": time(12), "quiet_to": time(14)}


def at(day, hour, minute=0):
    """Return a moment of November 2026, of which the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wishes", "happens", "leaves"),
    [
        ({}, at(20, 3), at(20, 3)),
        (NIGHT, at(20, 19, 59), at(20, 19, 59)),
        (NIGHT, at(20, 20), at(21, 7)),
        (NIGHT, at(20, 23, 59), at(21, 7)),
        (NIGHT, at(20, 6, 59), at(20, 7)),
        (NIGHT, at(20, 7), at(20, 7)),
        (LUNCH, at(20, 11, 59), at(20, 11, 59)),
        (LUNCH, at(20, 12, 30), at(20, 14)),
        (LUNCH, at(20, 14), at(20, 14)),
        ({"quiet_weekends": True}, at(20, 23), at(20, 23)),
        ({"quiet_weekends": True}, at(21, 0), at(23, 8)),
        ({"quiet_weekends": True}, at(22, 23, 59), at(23, 8)),
        ({"quiet_weekends": True, **NIGHT}, at(20, 21), at(23, 7)),
        ({"quiet_weekends": True, **NIGHT}, at(22, 12), at(23, 7)),
        ({"quiet_weekends": True, **LUNCH}, at(20, 12), at(20, 14)),
    ],
)
def test_what_happens_in_quiet_time_leaves_at_its_end(wishes, happens, leaves):
    assert leaves_at(DeliveryWishes(**wishes), happens) == leaves


def test_who_said_nothing_is_told_at_once():
    assert leaves_at(None, at(20, 3)) == at(20, 3)


@pytest.mark.parametrize(
    ("wishes", "happens", "leaves"),
    [
        ({"frequency": "daily"}, at(20, 7, 59), at(20, 8)),
        ({"frequency": "daily"}, at(20, 8), at(21, 8)),
        ({"frequency": "daily", "quiet_weekends": True}, at(20, 9), at(23, 8)),
        ({"frequency": "daily", "quiet_from": time(22), "quiet_to": time(9)}, at(20, 9), at(21, 9)),
        ({"frequency": "weekly"}, at(20, 9), at(23, 8)),
        ({"frequency": "weekly"}, at(23, 7, 59), at(23, 8)),
        ({"frequency": "weekly"}, at(23, 8), at(30, 8)),
    ],
)
def test_a_digest_leaves_in_the_morning_of_its_day(wishes, happens, leaves):
    assert digest_at(DeliveryWishes(**wishes), happens) == leaves
