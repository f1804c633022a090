"""Days as commands take them."""

from argparse import ArgumentTypeError
from datetime import date


def day(text: str) -> date:
    """Read a day written YYYY-MM-DD.

    :raises ArgumentTypeError: if it is not one.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"« {text} » is no day: write YYYY-MM-DD.") from None
