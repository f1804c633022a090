"""Amounts as providers write them. Whole numbers only; anything else is no amount."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from .base import Money

WHOLE = re.compile(r"\s*([0-9]{1,12})(?:\.0+)?\s*")
CURRENCY = re.compile("[A-Z]{3}")


def read_whole_money(amount: Any, currency: Any) -> Money | None:
    """Return an amount of a currency without cents, or None when it is not plainly whole.

    "150000" and "150000.00" are; "150 000", "1e5", "150000.50" and True are not.
    """
    if type(amount) is int:
        amount = str(amount)
    found = WHOLE.fullmatch(amount) if isinstance(amount, str) else None
    code = currency.strip().upper() if isinstance(currency, str) else ""
    if found is None or not CURRENCY.fullmatch(code):
        return None
    return Money(int(found[1]), code)


def read_iso_moment(text: Any) -> datetime | None:
    """Return the moment of an ISO 8601 text, taken as UTC when it names no zone."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
