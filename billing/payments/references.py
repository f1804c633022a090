"""Our own reference of an attempt: new each time, not to be guessed, fit for a provider."""

import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no letter that looks like a figure
LENGTH = 20  # one hundred bits


def new_reference() -> str:
    """Return twenty random capitals and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
