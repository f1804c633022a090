"""Texts that no accounting file trips over: one line, no separator, letters it can write. Pure."""

import re
import unicodedata

# TAB, |, line ends, controls, and every space that is not the plain one.
_BREAKS = re.compile(
    r"[\x00-\x20\x7f-\xa0|\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]+"
)
_PLAIN = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-",
        "−": "-", "…": "...", "•": "-", "№": "n°", "\u00ad": "",
    }
)  # fmt: skip
_LIGATURES = {
    "œ": "oe", "Œ": "OE", "ŋ": "n", "Ŋ": "N", "ɛ": "e", "Ɛ": "E", "ɔ": "o", "Ɔ": "O", "ɖ": "d",
}  # fmt: skip


def one_line(text: str) -> str:
    """Return a text on one line, without separators of accounting files nor odd spaces."""
    return _BREAKS.sub(" ", text).strip()


def written(text: str, encoding: str) -> str:
    """Return a text on one line that an encoding can write; what it cannot is transliterated."""
    return fit(one_line(text), encoding)


def fit(text: str, encoding: str) -> str:
    """Return a text that an encoding can write: near letters, else « ? »."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_near(char, encoding) for char in text.translate(_PLAIN))
    return text


def _near(char: str, encoding: str) -> str:
    if _writes(char, encoding):
        return char
    if char in _LIGATURES:
        return _LIGATURES[char]
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", char) if not unicodedata.combining(one)
    )
    return plain if plain and _writes(plain, encoding) else "?"


def _writes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
