"""Break the sandbox on purpose: what its API does instead of answering."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .web import Response

CLOUDFLARE = b"<!DOCTYPE html><title>Attention Required! | Cloudflare</title><h1>Blocked</h1>"
BLOCKED_AGENT = b"<!DOCTYPE html><title>Access denied</title><p>error code: 1010</p>"
PLACES = frozenset({"start", "check", "any"})
KINDS = frozenset({"down", "lost", "slow", "timeout", "html", "500", "429", "truncated", "reply"})


@dataclass
class Fault:
    """One way to misbehave, at one place, some number of times (None: until cleared)."""

    kind: str
    on: str = "any"
    times: int | None = None
    seconds: float = 2
    status: int = 200
    body: str = ""
    content_type: str = "application/json"


class BrokenConnection(ConnectionAbortedError):
    """The connection is to be closed without an answer."""


class Faults:
    """The faults in force, at most one at a time."""

    def __init__(self) -> None:
        self._fault: Fault | None = None
        self._lock = threading.Lock()
        self._released = threading.Event()

    def set(self, values: Mapping[str, Any]) -> None:
        """Put a fault in force, or none when `kind` is empty.

        :raises ValueError: no such fault or place.
        :raises TypeError: a field no fault has.
        """
        fault = Fault(**values) if values.get("kind") else None
        if fault and (fault.kind not in KINDS or fault.on not in PLACES):
            raise ValueError(f"{fault.kind} on {fault.on}")
        self.clear()
        with self._lock:
            self._fault = fault
            self._released = threading.Event()

    def clear(self) -> None:
        """Answer normally again, and let go of the callers kept waiting."""
        with self._lock:
            self._fault = None
            self._released.set()

    def answer(self, place: str) -> Response | None:
        """Return what to send instead of the answer, or None to answer normally.

        :raises BrokenConnection: nothing is to be sent.
        """
        fault, released = self._take(place, is_lost=False)
        return self._act(fault, released) if fault else None

    def lose(self, place: str) -> None:
        """Lose an answer on its way, when that is the fault: what was asked is done.

        :raises BrokenConnection: nothing is to be sent.
        """
        if self._take(place, is_lost=True)[0]:
            raise BrokenConnection

    def _take(self, place: str, *, is_lost: bool) -> tuple[Fault | None, threading.Event]:
        """Return the fault in force here, counted down, and what lets go of its callers."""
        with self._lock:
            fault, released = self._fault, self._released
            if fault is None or fault.on not in {place, "any"}:
                return None, released
            if (fault.kind == "lost") is not is_lost:
                return None, released
            if fault.times is not None:
                fault.times -= 1
                self._fault = fault if fault.times > 0 else None
            return fault, released

    def _act(self, fault: Fault, released: threading.Event) -> Response | None:
        if fault.kind in {"slow", "timeout"}:
            released.wait(fault.seconds)
        match fault.kind:
            case "slow":
                return None
            case "down" | "timeout":
                raise BrokenConnection
            case "html":
                return Response(CLOUDFLARE, 403, "text/html")
            case "500":
                return Response(b"Internal Server Error", 500)
            case "429":
                return Response(b'{"code":"429","message":"TOO_MANY_REQUEST"}', 429)
            case "truncated":
                return Response(b'{"code":"00","message":"SUCCES","da', 200, "application/json")
            case _:
                return Response(fault.body.encode(), fault.status, fault.content_type)
