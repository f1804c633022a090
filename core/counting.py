"""Counting several sets of rows in one query."""

from collections.abc import Mapping

from django.db.models import CharField, Count, QuerySet, Value


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
