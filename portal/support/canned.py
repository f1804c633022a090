"""Replies ready to send: their blanks, a closed list, filled from a ticket."""

import re
from collections.abc import Mapping

NAMES = ("client", "contact", "numero", "sujet", "agent")
BLANK = re.compile(r"\{([^{}\n]{1,40})\}")


def unknown_names(body: str) -> list[str]:
    """Return the blanks of a text that no ticket fills, as written, once each."""
    found = (match[0] for match in BLANK.finditer(body) if match[1].strip() not in NAMES)
    return list(dict.fromkeys(found))


def filled(body: str, values: Mapping[str, str]) -> str:
    """Return a text with its blanks filled, in one pass; what is unknown stays as written."""

    def fill(match: re.Match[str]) -> str:
        name = match[1].strip()
        return values.get(name, match[0]) if name in NAMES else match[0]

    return BLANK.sub(fill, body)
