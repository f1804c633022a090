"""Counting what somebody asks in a while, in Redis. Without Redis nothing is held back."""

from django.core.cache import cache
from redis.exceptions import RedisError


def is_too_often(key: str, *, most: int, seconds: int) -> bool:
    """Count one more under a key; tell whether it is above `most` within so many seconds."""
    name = f"payments:often:{key}"
    try:
        cache.add(name, 0, timeout=seconds)
        return cache.incr(name) > most
    except (RedisError, ValueError):  # ValueError: the key ran out between the two
        return False


def is_first(key: str, *, seconds: int) -> bool:
    """Tell whether a key was not seen within so many seconds, and remember it."""
    try:
        return cache.add(f"payments:seen:{key}", 1, timeout=seconds)
    except RedisError:
        return True
