"""Calling every function of a hook."""

from collections.abc import Iterable
from typing import Any

from wagtail import hooks


def gather(name: str, *arguments: Any) -> Iterable[Any]:
    """Call every function of a hook. Each returns a list; None means nothing to add."""
    for function in hooks.get_hooks(name):
        yield from function(*arguments) or ()
