"""Reading something once per request, however many parts of the page ask for it."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

Value = TypeVar("Value")


def known(request: HttpRequest, key: str) -> Any:
    """Return what was read under a key in this request, or None."""
    return request.__dict__.get("_nourx_once", {}).get(key)


def once(request: HttpRequest, key: str, read: Callable[[], Value]) -> Value:
    """Return what `read` gives, calling it only the first time in this request."""
    kept: dict[str, Any] = request.__dict__.setdefault("_nourx_once", {})
    if key not in kept:
        kept[key] = read()
    return kept[key]
