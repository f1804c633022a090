"""Ask the database in its own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection


def ask(sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows that a statement finds, each by the names of its columns."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def ask_one(sql: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the only row of a statement that adds up."""
    [row] = ask(sql, values)
    return row
