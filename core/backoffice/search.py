"""Finding rows by words typed by a person: accents, case and apostrophes do not matter."""

from collections.abc import Sequence

from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet

from core.search import search_text

VECTOR = "search_vector"
MOST_WORDS = 8


def has_search_vector(model: type[Model]) -> bool:
    """Tell whether the model keeps a normalised tsvector of its own."""
    try:
        model._meta.get_field(VECTOR)
    except FieldDoesNotExist:
        return False
    return True


def search(rows: QuerySet, text: str, fields: Sequence[str] = ()) -> QuerySet:
    """Keep the rows in which every word of the text begins a word.

    A model with `search_vector` is searched through its index; otherwise each word must be
    somewhere in one of the fields. A field ending in `search_norm` is compared folded.
    """
    words = search_text(text).split()[:MOST_WORDS]
    if not words:
        return rows.none() if text.strip() else rows
    if has_search_vector(rows.model) and (not fields or VECTOR in fields):
        prefixes = " & ".join(f"{word}:*" for word in words)
        query = SearchQuery(prefixes, search_type="raw", config="simple")
        return rows.filter(**{VECTOR: query})
    for typed, word in zip(_typed_words(text, words), words, strict=True):
        rows = rows.filter(_anywhere(fields, typed, word))
    return rows


def _typed_words(text: str, words: list[str]) -> list[str]:
    """Return the words as typed when they match one to one, else as folded."""
    typed = text.split()[:MOST_WORDS]
    return typed if len(typed) == len(words) else words


def _anywhere(fields: Sequence[str], typed: str, word: str) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": word if field.endswith("search_norm") else typed})
    return found
