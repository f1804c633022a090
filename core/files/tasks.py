"""Removes from the store the bytes that no row names any more."""

from core.files.services import REMOVAL, remove_bytes
from core.outbox.services import handles


@handles(REMOVAL)
def remove_owed_bytes(payload: dict) -> None:
    """Remove the bytes of one key; done twice, it has one effect."""
    remove_bytes(payload["key"])
