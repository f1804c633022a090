"""Sharing money out over invoices. Pure: amounts are integers of one currency's minor unit."""

from collections.abc import Iterable


def spread(amount: int, dues: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return what each (key, due) takes of an amount, in the order given; none takes nothing.

    The rest, if any, is what the keys leave.
    """
    parts: dict[int, int] = {}
    left = max(amount, 0)
    for key, due in dues:
        part = min(left, max(due, 0))
        if part:
            parts[key] = part
            left -= part
    return parts
