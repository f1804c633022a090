"""Leave a provider alone when it does not answer, and ask again later.

Kept in Redis so that every process counts together. Without Redis nothing is held back.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

MOST_FAILURES = 5
COUNTING = timedelta(minutes=5)  # failures further apart than this are not a breakdown
PAUSE = timedelta(minutes=1)
PAUSE_FOR_SETTINGS = timedelta(minutes=15)
KEPT_SECONDS = 3600


def is_open(provider: str, *, at: datetime) -> bool:
    """Tell whether a provider is being left alone."""
    try:
        until = cache.get(_until(provider))
    except RedisError:
        return False
    return until is not None and at.timestamp() < until


def note_failure(provider: str, *, at: datetime, pause: timedelta | None = None) -> None:
    """Count a call without answer; the fifth in a row opens the circuit, a `pause` at once."""
    try:
        failures = _count(provider)
        if pause is not None or failures >= MOST_FAILURES:
            _open(provider, at + (pause or PAUSE))
    except RedisError:
        logger.warning("Redis is away: the failures of %s are not counted", provider)


def note_success(provider: str) -> None:
    """Forget former failures."""
    try:
        cache.delete_many([_failures(provider), _until(provider)])
    except RedisError:
        logger.warning("Redis is away: the failures of %s are not forgotten", provider)


def _count(provider: str) -> int:
    key = _failures(provider)
    cache.add(key, 0, timeout=COUNTING.total_seconds())
    return cache.incr(key)


def _open(provider: str, until: datetime) -> None:
    cache.set(_until(provider), until.timestamp(), timeout=KEPT_SECONDS)
    cache.delete(_failures(provider))
    logger.warning("%s is left alone until %s", provider, until.isoformat(timespec="seconds"))


def _failures(provider: str) -> str:
    return f"payments:failures:{provider}"


def _until(provider: str) -> str:
    return f"payments:open:{provider}"
