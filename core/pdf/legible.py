"""Text a PDF can show: every character drawn by a font we ship, and nothing hidden in it.

PDF/A forbids the empty box a font draws for a character it lacks, and a text must not
change with the fonts of the server.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

UNKNOWN = "□"
# What reorders or hides other characters, or only dresses an emoji: nothing to print.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
JOINED_UNKNOWNS = re.compile(f"{UNKNOWN}(?:\u200d{UNKNOWN})+")
EMOJI = re.compile("[\u25fb-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
AS_TEXT = "\ufe0e"  # after an emoji: drawn with our font and not with one of the server


def legible(text: str, *, fonts: tuple[Path, ...]) -> str:
    """Compose accents, drop what cannot be seen, and put « □ » where the fonts have nothing."""
    composed = unicodedata.normalize("NFC", printable(text))
    shown = _not_drawn(fonts).sub(UNKNOWN, composed)
    return EMOJI.sub(rf"\g<0>{AS_TEXT}", JOINED_UNKNOWNS.sub(UNKNOWN, shown))


def printable(text: str) -> str:
    """Drop the control characters, direction marks and halves of pairs out of a text."""
    return UNSEEN.sub("", text)


@cache
def _not_drawn(fonts: tuple[Path, ...]) -> re.Pattern[str]:
    drawn = {ord("\n"), ord("\t"), ord(UNKNOWN)}
    for path in fonts:
        with TTFont(path, lazy=True) as font:
            drawn.update(font.getBestCmap())
    return re.compile(f"[^{''.join(_ranges(sorted(drawn)))}]")


def _ranges(codepoints: Iterable[int]) -> Iterable[str]:
    first = last = -1
    for codepoint in codepoints:
        if last >= 0 and codepoint == last + 1:
            last = codepoint
            continue
        if last >= 0:
            yield f"{re.escape(chr(first))}-{re.escape(chr(last))}"
        first = last = codepoint
    yield f"{re.escape(chr(first))}-{re.escape(chr(last))}"
