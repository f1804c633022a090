"""Folding texts for searching: no accents, no case, no punctuation."""

import unicodedata

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Lower, Replace

ACCENTED = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŸ"
PLAIN = "aaaaaaceeeeiiiinooooouuuuyy" * 2


def search_text(*parts: str) -> str:
    """Return the texts folded and joined by single spaces."""
    text = " ".join(part for part in parts if part).replace("œ", "oe").replace("Œ", "oe")
    letters = [
        char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
    ]
    return " ".join("".join(char if char.isalnum() else " " for char in letters).lower().split())


def folded(name: str) -> Lower:
    """Return an expression that folds a text column as `search_text` does, punctuation aside."""
    text = TextField()
    plain: Func = Func(
        F(name), Value(ACCENTED), Value(PLAIN), function="translate", output_field=text
    )
    for joined in ("œ", "Œ"):
        plain = Replace(plain, Value(joined), Value("oe"), output_field=text)
    return Lower(plain, output_field=text)
