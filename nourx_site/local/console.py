"""What the local commands say: short French lines, and one clear line when they must refuse."""

import sys
from collections.abc import Callable


class CannotStart(Exception):
    """The work cannot begin; the message is the one French line that says what to do."""


def say(line: str = "") -> None:
    """Write one line at once, so that it keeps its place among other processes' lines."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def refuse(line: str) -> None:
    """Write the one line of a refusal where errors go."""
    sys.stderr.write(f"NOURX : {line}\n")
    sys.stderr.flush()


def run_command(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; a refusal is one line and 1, Ctrl-C is 130."""
    try:
        return command()
    except CannotStart as refusal:
        refuse(str(refusal))
        return 1
    except KeyboardInterrupt:
        return 130
