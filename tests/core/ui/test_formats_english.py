"""Dates and numbers on the pages of somebody who reads English."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from core.ui import formats

DAY = date(2026, 8, 1)
AT = datetime(2026, 11, 20, 17, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_days_are_written_in_english():
    assert formats.date_long(DAY) == "1 August 2026"
    assert formats.date_full(DAY) == "Saturday 1 August 2026"
    assert formats.date_short(DAY) == "1\u00a0Aug"
    assert formats.month_name(DAY) == "Aug"


def test_hours_are_written_in_english():
    assert formats.clock_time(AT) == "17:02"


def test_numbers_are_written_in_english():
    assert formats.decimal(Decimal("1250.50")) == "1,250.5"
    assert formats.decimal(-1250) == "−1,250"
    assert formats.percent(Decimal("17.5")) == "17.5%"
