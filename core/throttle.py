"""Counting what somebody asks in a while, in Redis."""

from django.core.cache import cache
from redis.exceptions import RedisError


def is_too_often(key: str, *, most: int, seconds: int, without_redis: bool = False) -> bool:
    """Count one more under a key; tell whether it is above `most` within so many seconds.

    `without_redis` is the answer while Redis is away: True holds everybody back, for what must
    never be tried without limit.
    """
    name = f"often:{key}"
    try:
        cache.add(name, 0, timeout=seconds)
        return cache.incr(name) > most
    except ValueError:  # the key ran out between the two
        return False
    except RedisError:
        return without_redis


def is_first(key: str, *, seconds: int) -> bool:
    """Tell whether a key was not seen within so many seconds, and remember it."""
    try:
        return cache.add(f"seen:{key}", 1, timeout=seconds)
    except RedisError:
        return True
