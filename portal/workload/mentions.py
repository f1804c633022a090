"""Names called in a text: « @Mariam Traoré ». Without Django."""

import re
from collections.abc import Iterable

from core.search import search_text

WORD = re.compile(r"@(?=\S)")


def mentioned(text: str, names: Iterable[tuple[int, str]]) -> list[int]:
    """Return the keys of the people whose whole name follows an « @ », whatever the accents.

    The longest name wins where one begins another; whom two people share names nobody.
    """
    known: dict[str, list[int]] = {}
    for key, name in names:
        known.setdefault(" ".join(search_text(name).split()), []).append(key)
    longest_first = sorted((name for name in known if name), key=len, reverse=True)
    found: list[int] = []
    for match in WORD.finditer(text):
        after = " ".join(search_text(text[match.end() : match.end() + 120]).split()) + " "
        name = next((one for one in longest_first if after.startswith(one + " ")), None)
        if name is not None and len(known[name]) == 1:
            found += known[name]
    return list(dict.fromkeys(found))
