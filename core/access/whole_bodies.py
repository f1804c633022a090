"""A form whose end is lost on the way is refused: what arrived of it is not what was sent.

Servers give what came before the link dropped as if it were all of it. Kept under its key, half a
message would then stand for the whole one that the browser sends again.
"""

from collections.abc import Callable
from io import IOBase
from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponseBase

HALF = "the link dropped before the body was whole"


class WholeStream(IOBase):
    """The body of a request, of which every byte that was announced must come."""

    def __init__(self, stream: Any, length: int) -> None:
        self._stream, self._left = stream, length

    def read(self, size: int | None = -1, /) -> bytes:
        """Return that many bytes, or all that are left.

        :raises BadRequest: if the body ends before.
        """
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        pieces = []
        while wanted:
            pieces.append(self._take(self._stream.read, wanted))
            wanted -= len(pieces[-1])
        return b"".join(pieces)

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return a line, or that many bytes of it.

        :raises BadRequest: if the body ends before.
        """
        return self._take(self._stream.readline, size) if self._left else b""

    def _take(self, reader: Callable[[int | None], bytes], size: int | None) -> bytes:
        try:
            piece = reader(size)
        except OSError as error:
            raise BadRequest(HALF) from error
        if not piece:
            raise BadRequest(HALF)
        self._left -= len(piece)
        return piece


class WholeBodyMiddleware:
    """Answers 400 to half a body in place of acting on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH", "")
        if isinstance(request, WSGIRequest) and str(length).isdigit():
            request._stream = WholeStream(request._stream, int(length))  # type: ignore[assignment]
        return self.get_response(request)
