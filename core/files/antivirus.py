"""Asking clamd whether bytes are known to harm, over its INSTREAM command.

Anything but a plain answer is a failure: a scanner that is away, too busy or that finds a file
too large has not said that the file is clean.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings

PORT = 3310
SECONDS_TO_WAIT = 60
PIECE = 64 * 1024
LONGEST_ANSWER = 4096


class ScanFailed(Exception):
    """The scanner gave no verdict."""


def threat_in(stream: IO[bytes]) -> str:
    """Return the name of what was found in bytes, or nothing when they are clean.

    :raises ScanFailed: if there is no verdict.
    """
    try:
        with _connected() as scanner:
            return _verdict(_ask(scanner, stream))
    except OSError as error:
        raise ScanFailed(str(error)) from error


@contextmanager
def _connected() -> Iterator[socket.socket]:
    address = settings.CLAMAV_HOST.removeprefix("unix:")
    if address.startswith("/"):
        with socket.socket(socket.AF_UNIX) as scanner:
            scanner.settimeout(SECONDS_TO_WAIT)
            scanner.connect(address)
            yield scanner
        return
    host, colon, port = address.rpartition(":")
    where = (host or address, int(port) if colon else PORT)
    with socket.create_connection(where, timeout=SECONDS_TO_WAIT) as scanner:
        yield scanner


def _ask(scanner: socket.socket, stream: IO[bytes]) -> str:
    """Send the bytes, each piece after its length, and return the answer."""
    try:
        scanner.sendall(b"zINSTREAM\0")
        while piece := stream.read(PIECE):
            scanner.sendall(len(piece).to_bytes(4, "big") + piece)
        scanner.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        pass  # clamd hangs up on a file beyond its limit, after saying so
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        received = scanner.recv(LONGEST_ANSWER)
        if not received:
            break
        answer += received
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> str:
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND") or "?"
    raise ScanFailed(answer or "no answer")
