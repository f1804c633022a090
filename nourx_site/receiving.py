"""Receiving what a browser sends before a page is given a thread to read it.

A body comes at the pace of the network. Read by the threads of pages, a handful of slow forms, or
of visitors who never finish theirs, would hold them all: it is gathered on the event loop instead,
in memory then on disk, and handed over whole.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings

SECONDS_OF_SILENCE = 30  # between two pieces; a weak link may be slow, not mute
IN_MEMORY = 1_000_000  # bytes; beyond, a body waits on disk
PIECE = 64 * 1024
WITH_FILES = ("/client/", "/admin/")
MOST_FILES = 20  # of the largest size, in one form
WORDS = 3_000_000  # bytes of a form without files: a little more than Django reads of one

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Refused(Exception):
    """A body is too large, or stopped coming. `status` is the answer."""

    def __init__(self, status: int):
        super().__init__(status)
        self.status = status


class HungUp(Exception):
    """Whoever sent the body is not there any more."""


async def answer_whole(app: Any, scope: Scope, receive: Receive, send: Send) -> None:
    """Let an application answer a request once its body is here."""
    length = _length(scope)
    if scope["type"] != "http" or length == 0:
        await app(scope, receive, send)
        return
    with SpooledTemporaryFile(IN_MEMORY) as body:
        try:
            await _gather(body, receive, most=most_of(scope["path"]), announced=length or 0)
        except HungUp:
            return
        except Refused as refusal:
            await _refuse(send, refusal.status)
            return
        await app(scope, _given_again(body, receive), send)


def most_of(path: str) -> int:
    """Return the largest body that an address takes, in bytes."""
    files = MOST_FILES * settings.FILE_MAX_MB * 1_000_000 if path.startswith(WITH_FILES) else 0
    return WORDS + files


def _length(scope: Scope) -> int | None:
    """Return how many bytes a body has; None when it only says where it ends."""
    headers = dict(scope.get("headers", ()))
    if b"transfer-encoding" in headers:
        return None
    told = headers.get(b"content-length", b"0")
    return int(told) if told.isdigit() else 0


async def _gather(body: IO[bytes], receive: Receive, *, most: int, announced: int) -> None:
    size, has_more = 0, True
    while has_more:
        if max(size, announced) > most:
            raise Refused(413)
        message = await _next_of(receive)
        has_more, piece = message.get("more_body", False), message.get("body", b"")
        size += len(piece)
        if size > IN_MEMORY:
            await asyncio.to_thread(body.write, piece)
        else:
            body.write(piece)
    if size > most:
        raise Refused(413)
    body.seek(0)


async def _next_of(receive: Receive) -> Any:
    try:
        async with asyncio.timeout(SECONDS_OF_SILENCE):
            message = await receive()
    except TimeoutError as error:
        raise Refused(408) from error
    if message["type"] == "http.disconnect":
        raise HungUp
    return message


def _given_again(body: IO[bytes], receive: Receive) -> Receive:
    """Return what gives the body again, then what happens to the connection."""
    is_over = False

    async def again() -> Any:
        nonlocal is_over
        if is_over:
            return await receive()
        piece = body.read(PIECE)
        is_over = len(piece) < PIECE
        return {"type": "http.request", "body": piece, "more_body": not is_over}

    return again


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
