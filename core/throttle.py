"""Counting what somebody asks in a while, in Redis, and whose address it comes from."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
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


def address_of(request: HttpRequest) -> str:
    """Return the visitor's network address as the proxies we trust tell it, or nothing.

    `TRUSTED_PROXY_COUNT` says how many there are: what a visitor writes before them is not read.
    """
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:  # a server that listens on a socket file, without a proxy
        return ""
