"""Our own reference of an attempt: new each time, not to be guessed, fit for a provider."""

import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no letter that looks like a figure
LENGTH = 20  # one hundred bits


def new_reference() -> str:
    """Return twenty random capitals and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def squeeze_reference(text: str) -> str:
    """Return a reference as people compare it: letters and figures alone, in capitals.

    What has no figure tells nothing apart (« espèces ») and gives an empty key.
    """
    key = "".join(letter for letter in text.upper() if letter.isalnum())[:100]
    return key if any(letter.isdigit() for letter in key) else ""
