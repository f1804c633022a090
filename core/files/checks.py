"""Checks at start: links to private files are short."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

LONGEST_LINK = 600


@register(Tags.security)
def links_are_short(app_configs: Any, **_: Any) -> list[Error]:
    """A signed link opens a file to whoever holds it: ten minutes at most."""
    if 0 < settings.FILE_LINK_SECONDS <= LONGEST_LINK:
        return []
    return [
        Error(
            f"FILE_LINK_SECONDS is {settings.FILE_LINK_SECONDS}; links may live 1 to 600 seconds.",
            id="nourx.E201",
        )
    ]
