"""Counting several sets of rows in one query, and keeping the counts that every page shows."""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import CharField, Count, QuerySet, Value
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SECONDS = 60
Countable = int | QuerySet


def count_together(sets: Mapping[str, QuerySet]) -> dict[str, int]:
    """Return how many rows each named set holds, with one query for all of them."""
    counts = [
        rows.order_by()
        .values(counted_set=Value(name, output_field=CharField()))
        .annotate(counted_rows=Count("pk"))
        .values_list("counted_set", "counted_rows")
        for name, rows in sets.items()
    ]
    if not counts:
        return {}
    first, *others = counts
    found = dict(first.union(*others, all=True) if others else first)
    return {name: found.get(name, 0) for name in sets}


def count_those(values: Sequence[Any]) -> list[Any]:
    """Return values in their order, the rows among them as how many they are, with one query."""
    sets = {str(rank): rows for rank, rows in enumerate(values) if isinstance(rows, QuerySet)}
    counts = count_together(sets)
    return [counts.get(str(rank), value) for rank, value in enumerate(values)]


def count_at_client(
    client_id: int, person_id: int, sets: Mapping[str, Callable[[], Countable]]
) -> dict[str, int]:
    """Return the count of each named set for one person at one client, kept for a minute.

    A set is asked for its rows, or its number, only when no count of it is kept.
    `forget_counts` drops what is kept of a client: the mark of its last change is read before
    the rows are, so that a change made meanwhile is never missed.
    """
    mark_key, kept_key = _mark_key(client_id), f"counts:{client_id}:{person_id}"
    try:
        read = cache.get_many([mark_key, kept_key])
    except RedisError:
        return count_now(sets)
    mark, (kept_at, kept) = read.get(mark_key), read.get(kept_key, (None, {}))
    kept = kept if kept_at == mark else {}
    wanted = {name: rows() for name, rows in sets.items() if name not in kept}
    counts, counted = _count(wanted)
    if counted:
        cache.set(kept_key, (mark, kept | counted), SECONDS)
    return kept | counts


def count_now(sets: Mapping[str, Callable[[], Countable]]) -> dict[str, int]:
    """Return the count of each named set, keeping nothing."""
    return _count({name: rows() for name, rows in sets.items()})[0]


def forget_counts(client_id: int) -> None:
    """Have what is counted at a client counted again, once the transaction is committed."""
    transaction.on_commit(lambda: _mark(client_id))


def _count(sets: Mapping[str, Countable]) -> tuple[dict[str, int], dict[str, int]]:
    """Return all counts, and those among them that were counted just now."""
    known = {name: number for name, number in sets.items() if isinstance(number, int)}
    rows = {name: rows for name, rows in sets.items() if isinstance(rows, QuerySet)}
    counted = count_together(rows)
    return known | counted, counted


def _mark(client_id: int) -> None:
    try:
        cache.set(_mark_key(client_id), secrets.randbits(60), 60 * SECONDS)
    except RedisError:
        logger.warning("Redis is away; counts are late by %s seconds at most", SECONDS)


def _mark_key(client_id: int) -> str:
    return f"counts-changed:{client_id}"
