"""The text of an SMS: the letters a telephone writes in one part, and how many parts it takes.

The GSM alphabet (3GPP TS 23.038) has « é », « è », « à », « ù », but neither « ê » nor « ç » nor
typographic marks: one of them would halve what a part holds. They are written plainly instead.
"""

import unicodedata

ONE_PART, EACH_PART = 160, 153
ONE_PART_UNICODE, EACH_PART_UNICODE = 70, 67
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€")  # written with an escape: two places
PLAIN = str.maketrans(
    {
        "’": "'", "‘": "'", "«": '"', "»": '"', "“": '"', "”": '"', "–": "-", "—": "-",
        "…": "...", "\u00a0": " ", "\u202f": " ", "\u2011": "-", "œ": "oe", "Œ": "OE", "·": "-",
        "ç": "c",
    }
)  # fmt: skip


def plain(text: str) -> str:
    """Return a text in the letters of the GSM alphabet, without the marks it cannot write."""
    written = unicodedata.normalize("NFC", text).translate(PLAIN)
    return "".join(_letter(letter) for letter in written)


def parts(text: str) -> int:
    """Return how many SMS a text takes, as operators count and charge them."""
    if all(letter in BASIC or letter in TWICE for letter in text):
        places = sum(2 if letter in TWICE else 1 for letter in text)
        return 1 if places <= ONE_PART else -(-places // EACH_PART)
    places = len(text.encode("utf-16-be")) // 2
    return 1 if places <= ONE_PART_UNICODE else -(-places // EACH_PART_UNICODE)


def _letter(letter: str) -> str:
    if letter in BASIC or letter in TWICE:
        return letter
    bare = "".join(
        one for one in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(one)
    )
    return "".join(one if one in BASIC or one in TWICE else "?" for one in bare)
