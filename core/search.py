"""Folding texts for searching: no accents, no case, no punctuation."""

import unicodedata


def search_text(*parts: str) -> str:
    """Return the texts folded and joined by single spaces."""
    text = " ".join(part for part in parts if part).replace("œ", "oe").replace("Œ", "oe")
    letters = [
        char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
    ]
    return " ".join("".join(char if char.isalnum() else " " for char in letters).lower().split())
