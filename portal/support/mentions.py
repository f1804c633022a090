"""Names of people after an « @ » in a note: first name, whole name, or the start of an address."""

import re
from collections.abc import Iterable
from typing import Any

from core.search import search_text

NAMED = re.compile(r"(?<![\w.])@([\w.\-’']+(?:[ \u00a0][A-ZÀ-Ý][\w\-’']+)?)")


def mentioned(body: str, people: Iterable[Any]) -> list[Any]:
    """Return who of these people a text names, once each, in the order of the list.

    A first name that several share names none of them: their whole name does.
    """
    written = [search_text(match) for match in NAMED.findall(body)]
    listed = list(people)
    firsts = [search_text(one.first_name) for one in listed]
    return [
        one
        for one, first in zip(listed, firsts, strict=True)
        if any(_names(text, one, first, firsts.count(first) == 1) for text in written)
    ]


def _names(text: str, person: Any, first: str, is_alone: bool) -> bool:
    whole = search_text(f"{person.first_name} {person.last_name}")
    local = search_text(person.email.partition("@")[0])
    if text in (whole, local):
        return True
    return is_alone and bool(first) and text.split()[:1] == first.split()[:1]
