"""Keeping for a moment what costs much to work out and need not be of this very second."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

NOTHING = object()


def kept(key: str, seconds: int, compute: Callable[[], Any]) -> Any:
    """Return what was worked out under a key within so many seconds, else work it out.

    Never for what a client sees: the key says neither who asks nor what they may read, unless the
    caller puts it there. With Redis away, it is worked out each time.
    """
    try:
        found = cache.get(f"kept:{key}", NOTHING)
        if found is NOTHING:
            found = compute()
            cache.set(f"kept:{key}", found, seconds)
        return found
    except RedisError:
        return compute()
